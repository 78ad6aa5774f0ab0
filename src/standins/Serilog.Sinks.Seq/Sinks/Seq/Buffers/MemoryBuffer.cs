namespace Serilog.Sinks.Seq.Buffers;

/// <summary>A bounded queue; when it is full, the newest events are dropped and counted.</summary>
sealed class MemoryBuffer(int countMax) : IEventBuffer
{
    readonly Lock _gate = new();
    readonly Queue<byte[]> _lines = new();
    long _dropped;

    public int LostOnDispose
    {
        get
        {
            lock (_gate)
                return _lines.Count;
        }
    }

    public void Append(byte[] line)
    {
        lock (_gate)
        {
            if (_lines.Count < countMax)
                _lines.Enqueue(line);
            else
                _dropped++;
        }
    }

    public EventBatch Peek(int countMax)
    {
        lock (_gate)
        {
            var lines = new List<ReadOnlyMemory<byte>>();
            var bytes = 0;
            foreach (var line in _lines)
            {
                bytes += line.Length + 1;
                if (lines.Count == countMax || (lines.Count > 0 && bytes > EventBatch.BytesMax))
                    break;
                lines.Add(line);
            }

            return new(lines, default);
        }
    }

    public void Advance(EventBatch batch)
    {
        lock (_gate)
        {
            for (var i = 0; i < batch.Lines.Count; i++)
                _lines.Dequeue();
        }
    }

    public long TakeDropped()
    {
        lock (_gate)
        {
            // The notice needs room too; as long as there is none, the count goes on.
            if (_lines.Count >= countMax)
                return 0;
            var dropped = _dropped;
            _dropped = 0;
            return dropped;
        }
    }

    public void Dispose()
    {
    }
}
