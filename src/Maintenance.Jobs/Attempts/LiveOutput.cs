using System.Text;

namespace Maintenance.Jobs.Attempts;

/// <summary>
/// Follows a script's output while it grows and gives its complete lines, redacted. A line is given only when no secret can reach from it
/// into what comes later, and never cut inside one.
/// </summary>
sealed class LiveOutput(string file, Redactor redactor)
{
    const int KeptChars = 8 * 1024;
    const int LineCharsMax = 2000;
    const int LastCharsMax = 500;

    // A script that writes faster than this between two looks is not read whole: the newest lines are what one looks for.
    const int BehindMax = 256 * 1024;
    const int PendingMax = 64 * 1024;

    readonly Queue<LiveLine> _kept = new();
    Decoder _decoder = Encoding.UTF8.GetDecoder();
    long _position;
    long? _number = 0;
    int _keptChars;
    string _pending = "";
    bool _frontIsCut;

    public LiveLines Read()
    {
        if (File.Exists(file))
        {
            _pending += ReadNew();
            TakeLines();
            if (_pending.Length > PendingMax)
                (_pending, _frontIsCut) = (_pending[^LastCharsMax..], true);
        }

        return new LiveLines { Lines = [.. _kept], Last = Last() };
    }

    string ReadNew()
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var length = stream.Length;
        if (length - _position > BehindMax)
        {
            (_position, _pending, _frontIsCut, _number) = (length - KeptChars, "", true, null);
            _decoder = Encoding.UTF8.GetDecoder();
        }

        var bytes = new byte[Math.Max(0, length - _position)];
        stream.Position = _position;
        var count = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        _position += count;
        var text = new char[_decoder.GetCharCount(bytes, 0, count, flush: false)];
        _decoder.GetChars(bytes, 0, count, text, 0, flush: false);
        return new string(text).Replace('\0', '\uFFFD');
    }

    void TakeLines()
    {
        var end = CutBefore(_pending.Length - redactor.Undecided(_pending));
        if (end == 0)
            return;
        foreach (var line in Clean(_pending[..end])[..^1].Split('\n'))
            Keep(line.TrimEnd('\r'));
        _pending = _pending[end..];
        _frontIsCut = false;
    }

    /// <summary>The last line end up to <paramref name="limit"/> at which the text may be divided without dividing a secret.</summary>
    int CutBefore(int limit)
    {
        var whole = redactor.Redact(_pending);
        while (limit > 0 && _pending.LastIndexOf('\n', limit - 1) is var lineEnd and >= 0)
        {
            limit = lineEnd + 1;
            if (redactor.Redact(_pending[..limit]) + redactor.Redact(_pending[limit..]) == whole)
                return limit;
            limit = lineEnd;
        }

        return 0;
    }

    void Keep(string line)
    {
        _number++;
        var text = Shorten(line, LineCharsMax);
        _kept.Enqueue(new LiveLine { Number = _number, Text = text });
        _keptChars += text.Length;
        while (_keptChars > KeptChars)
            _keptChars -= _kept.Dequeue().Text.Length;
    }

    string Last()
    {
        // Redacted before it is cut: what looks like the beginning of a secret may be the end of one.
        var clean = Clean(_pending);
        var started = clean[..^redactor.Undecided(clean)].Split(
            '\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return Shorten(started.LastOrDefault() ?? _kept.LastOrDefault(l => !string.IsNullOrWhiteSpace(l.Text))?.Text ?? "", LastCharsMax);
    }

    string Clean(string text) => _frontIsCut ? redactor.RedactTail(text) : redactor.Redact(text);

    static string Shorten(string text, int charsMax) => text.Length <= charsMax ? text : text[..charsMax] + "…";
}
