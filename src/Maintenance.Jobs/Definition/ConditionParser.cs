namespace Maintenance.Jobs.Definition;

/// <summary>Reads a <see cref="Condition"/> by recursive descent: or, and, not, comparison, operand.</summary>
sealed class ConditionParser(string text)
{
    const int DepthMax = 32;
    static readonly string[] _signs = ["==", "!=", "<=", ">=", "<", ">"];

    int _at;
    int _depth;

    public Condition Parse()
    {
        var condition = ReadOr();
        SkipBlanks();
        return _at == text.Length ? condition : throw Wrong($"'{text[_at..]}' is not expected here");
    }

    Condition ReadOr()
    {
        var left = ReadAnd();
        while (TakeWord("or"))
            left = new Condition.Either(left, ReadAnd());
        return left;
    }

    Condition ReadAnd()
    {
        var left = ReadNot();
        while (TakeWord("and"))
            left = new Condition.Both(left, ReadNot());
        return left;
    }

    Condition ReadNot()
    {
        if (++_depth > DepthMax)
            throw Wrong($"it is nested more than {DepthMax} deep");
        try
        {
            if (TakeWord("not"))
                return new Condition.Not(ReadNot());
            if (!Take("("))
                return ReadComparison();
            var inner = ReadOr();
            return Take(")") ? inner : throw Wrong("a ')' is missing");
        }
        finally
        {
            _depth--;
        }
    }

    Condition ReadComparison()
    {
        var left = ReadOperand();
        if (TakeWord("in"))
            return new Condition.OneOf(left, ReadList());
        foreach (var sign in _signs)
        {
            if (Take(sign))
                return new Condition.Comparison(left, sign, ReadOperand());
        }

        return left.Reference is not null ? new Condition.IsTrue(left) : throw Wrong("a comparison such as == 'text' is missing");
    }

    List<Condition.Operand> ReadList()
    {
        if (!Take("["))
            throw Wrong("a '[' is missing behind 'in'");
        var values = new List<Condition.Operand> { ReadOperand() };
        while (Take(","))
            values.Add(ReadOperand());
        return Take("]") ? values : throw Wrong("a ']' is missing");
    }

    Condition.Operand ReadOperand()
    {
        SkipBlanks();
        if (_at >= text.Length)
            throw Wrong("a value is missing at the end");
        if (text[_at] == '\'')
            return new Condition.Operand(null, ReadQuoted());
        if (text.AsSpan(_at).StartsWith("${"))
            return ReadReference();
        var end = _at;
        while (end < text.Length && (char.IsAsciiLetterOrDigit(text[end]) || text[end] is '.' or '-' or '_'))
            end++;
        var word = text[_at..end];
        if (word is not ("true" or "false")
            && (word.Length == 0 || !decimal.TryParse(word, System.Globalization.CultureInfo.InvariantCulture, out _)))
            throw Wrong(
                $"'{(word.Length == 0 ? text[_at] : word)}' is no value: write ${{…}}, a text in single quotes, a number, true or false");
        _at = end;
        return new Condition.Operand(null, word);
    }

    string ReadQuoted()
    {
        var end = text.IndexOf('\'', _at + 1);
        if (end < 0)
            throw Wrong("the closing ' is missing");
        var quoted = text[(_at + 1)..end];
        _at = end + 1;
        return quoted;
    }

    Condition.Operand ReadReference()
    {
        var end = text.IndexOf('}', _at);
        var inside = end < 0 ? text[(_at + 2)..] : text[(_at + 2)..end];
        if (end < 0 || Reference.Parse(inside) is not { } reference)
            throw Wrong($"'${{{inside}}}' is no reference");
        _at = end + 1;
        return new Condition.Operand(reference, "");
    }

    bool Take(string sign)
    {
        SkipBlanks();
        if (!text.AsSpan(_at).StartsWith(sign, StringComparison.Ordinal))
            return false;
        _at += sign.Length;
        return true;
    }

    bool TakeWord(string word)
    {
        SkipBlanks();
        var end = _at + word.Length;
        if (!text.AsSpan(_at).StartsWith(word, StringComparison.Ordinal) || (end < text.Length && char.IsAsciiLetterOrDigit(text[end])))
            return false;
        _at = end;
        return true;
    }

    void SkipBlanks()
    {
        while (_at < text.Length && text[_at] is ' ' or '\t')
            _at++;
    }

    ConditionException Wrong(string what) => new(_at + 1, what);
}
