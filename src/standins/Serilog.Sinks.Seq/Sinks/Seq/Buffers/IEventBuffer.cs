namespace Serilog.Sinks.Seq.Buffers;

/// <summary>Lines that wait to be sent, in memory or in files. Append may be called by any thread, the rest by the pump only.</summary>
interface IEventBuffer : IDisposable
{
    /// <summary>How many events a dispose would lose now.</summary>
    int LostOnDispose { get; }

    /// <summary>Adds one line of CLEF without its line feed.</summary>
    void Append(byte[] line);

    /// <summary>The oldest lines, without removing them.</summary>
    EventBatch Peek(int countMax);

    /// <summary>Removes what <see cref="Peek"/> returned.</summary>
    void Advance(EventBatch batch);

    /// <summary>How many events were dropped since the last question.</summary>
    long TakeDropped();
}

/// <param name="Lines">Lines without line feeds.</param>
/// <param name="End">Where the buffer goes on after this batch.</param>
readonly record struct EventBatch(IReadOnlyList<ReadOnlyMemory<byte>> Lines, BufferPosition End)
{
    /// <summary>A request stays below the server's usual limit of 10 MiB.</summary>
    public const int BytesMax = 4 * 1024 * 1024;
}

/// <summary>A place in the buffer files; in memory the number is a count.</summary>
readonly record struct BufferPosition(long Segment, long Offset);
