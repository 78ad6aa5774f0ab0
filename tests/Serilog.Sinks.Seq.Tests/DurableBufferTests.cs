using System.Text;
using Serilog.Events;
using Serilog.Formatting;
using Serilog.Sinks.Seq.Buffers;

namespace Serilog.Sinks.Seq.Tests;

public sealed class DurableBufferTests : IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("seq-buffer-").FullName;

    string Base => Path.Combine(_folder, "events");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Events_of_a_process_that_could_not_send_are_sent_by_the_next_one()
    {
        await using var seq = await SeqReceiver.StartAsync();
        seq.AlwaysStatus = 503;
        await using (var log = SeqSinkTests.Logger(seq, bufferBaseFilename: Base))
        {
            for (var i = 0; i < 5; i++)
                log.Information("{I}", i);
        }

        Assert.Empty(seq.Events);
        seq.AlwaysStatus = null;

        await using var next = SeqSinkTests.Logger(seq, bufferBaseFilename: Base);

        await Eventually.Is(5, () => seq.Events.Count);
        Assert.Equal([0, 1, 2, 3, 4], seq.Events.Select(e => e.GetProperty("I").GetInt32()));
        Assert.Empty(seq.Complaints);
    }

    [Fact]
    public async Task Files_go_away_when_their_events_have_arrived()
    {
        await using var seq = await SeqReceiver.StartAsync();
        await using (var log = SeqSinkTests.Logger(seq, bufferBaseFilename: Base))
            log.Information("one");

        await using (SeqSinkTests.Logger(seq, bufferBaseFilename: Base))
            await Eventually.Is(0, () => Directory.GetFiles(_folder, "*.clef").Length);

        Assert.Single(seq.Events);
    }

    [Fact]
    public async Task A_refused_event_is_kept_beside_the_buffer()
    {
        await using var seq = await SeqReceiver.StartAsync();

        await using (var log = SeqSinkTests.Logger(seq, bufferBaseFilename: Base, payloadFormatter: new Broken()))
            log.Information("one");

        var kept = Assert.Single(Directory.GetFiles(_folder, "events-invalid-400-*.clef"));
        Assert.Equal("{\"broken\":true}", await File.ReadAllTextAsync(kept, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void What_is_not_advanced_over_is_there_again_after_a_restart()
    {
        using (var buffer = new FileBuffer(Base, bytesMax: null))
        {
            Append(buffer, 1, 2, 3);
            buffer.Advance(buffer.Peek(2));
        }

        using var again = new FileBuffer(Base, bytesMax: null);
        Append(again, 4);

        Assert.Equal(["{3}", "{4}"], Drain(again));
    }

    [Fact]
    public void A_buffer_at_its_limit_drops_the_oldest_and_counts()
    {
        using var buffer = new FileBuffer(Base, bytesMax: 100);
        Append(buffer, [.. Enumerable.Range(10, 90)]);

        var left = Drain(buffer);

        Assert.Equal("{99}", left[^1]);
        Assert.InRange(left.Count, 10, 20);
        Assert.Equal(90 - left.Count, buffer.TakeDropped());
        Assert.Equal(left, left.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_line_torn_by_a_power_loss_is_left_out_and_the_rest_is_read()
    {
        File.WriteAllText($"{Base}-00000001.clef", "{1}\n\0\0\0\0\n{2}\n{\"half");
        using var buffer = new FileBuffer(Base, bytesMax: null);
        Append(buffer, 3);

        Assert.Equal(["{1}", "{2}", "{3}"], Drain(buffer));
    }

    [Theory]
    [InlineData("")]
    [InlineData("garbage")]
    [InlineData("x y")]
    public void A_damaged_bookmark_sends_again_and_loses_nothing(string content)
    {
        using (var buffer = new FileBuffer(Base, bytesMax: null))
        {
            Append(buffer, 1, 2);
            buffer.Advance(buffer.Peek(1));
        }

        File.WriteAllText($"{Base}.bookmark", content);
        using var again = new FileBuffer(Base, bytesMax: null);

        Assert.Equal(["{1}", "{2}"], Drain(again));
    }

    [Fact]
    public void Lines_larger_than_a_read_and_than_a_file_come_whole()
    {
        using var buffer = new FileBuffer(Base, bytesMax: null);
        var large = Encoding.UTF8.GetBytes($"{{{new string('x', 6 * 1024 * 1024)}}}");
        Append(buffer, 1);
        buffer.Append(large);
        Append(buffer, 2);

        var lines = Drain(buffer);

        Assert.Equal(["{1}", $"{{{new string('x', 6 * 1024 * 1024)}}}", "{2}"], lines);
    }

    [Fact]
    public void A_second_process_on_the_same_buffer_is_refused()
    {
        using var first = new FileBuffer(Base, bytesMax: null);

        Assert.Throws<IOException>(() => new FileBuffer(Base, bytesMax: null));
    }

    [Fact]
    public async Task Many_writers_while_it_is_read_lose_nothing()
    {
        using var buffer = new FileBuffer(Base, bytesMax: null);
        var writers = Enumerable.Range(0, 4)
            .Select(writer => Task.Run(() => Append(buffer, [.. Enumerable.Range(writer * 1000, 1000)])))
            .ToArray();
        var read = new List<string>();

        while (read.Count < 4000)
            read.AddRange(Drain(buffer, countMax: 37));
        await Task.WhenAll(writers);

        Assert.Equal(4000, read.Distinct().Count());
        for (var writer = 0; writer < 4; writer++)
        {
            var own = read.Select(line => int.Parse(line[1..^1])).Where(i => i / 1000 == writer).ToList();
            Assert.Equal(own.Order(), own);
        }
    }

    static void Append(FileBuffer buffer, params int[] numbers)
    {
        foreach (var number in numbers)
            buffer.Append(Encoding.UTF8.GetBytes($"{{{number}}}"));
    }

    static List<string> Drain(FileBuffer buffer, int countMax = 1000)
    {
        var all = new List<string>();
        while (buffer.Peek(countMax) is { Lines.Count: > 0 } batch)
        {
            all.AddRange(batch.Lines.Select(line => Encoding.UTF8.GetString(line.Span)));
            buffer.Advance(batch);
        }

        return all;
    }

    sealed class Broken : ITextFormatter
    {
        public void Format(LogEvent logEvent, TextWriter output) => output.Write("{\"broken\":true}");
    }
}
