using System.Text;

namespace Temporal.Engine.Visibility;

/// <summary>Cuts a query into tokens. The language is a part of MySQL's, as the real server's parser reads it.</summary>
sealed class QueryLexer(string text)
{
    static readonly HashSet<string> Keywords =
    [
        "all", "and", "as", "asc", "between", "binary", "by", "case", "collate", "create", "default", "delete", "desc", "describe",
        "distinct",
        "div", "drop", "else", "end", "escape", "exists", "explain", "false", "for", "force", "from", "group", "having", "if", "ignore",
        "in", "index",
        "insert", "interval", "into", "is", "join", "key", "left", "like", "limit", "lock", "match", "mod", "not", "null", "on", "or",
        "order",
        "regexp", "replace", "right", "rlike", "select", "set", "show", "starts_with", "table", "then", "to", "true", "union", "unique",
        "update",
        "use", "using", "values", "when", "where",
    ];

    static readonly string[] LongSymbols = ["<=>", "<=", ">=", "<>", "!=", "<<", ">>", "->"];

    int _at;

    public QueryToken Next()
    {
        while (_at < text.Length && text[_at] is ' ' or '\n' or '\r' or '\t')
            _at++;
        if (_at == text.Length)
            return Token(TokenKind.End, "");
        var c = text[_at];
        if (IsLetter(c))
            return Word();
        if (char.IsAsciiDigit(c) || (c == '.' && _at + 1 < text.Length && char.IsAsciiDigit(text[_at + 1])))
            return Number();
        return c switch
        {
            '\'' or '"' => Quoted(c),
            '`' => QuotedName(),
            _ => Symbol(c),
        };
    }

    // One character behind is always read already, at the end of the text, too.
    QueryToken Token(TokenKind kind, string content) => new(kind, content, _at + 1);

    QueryToken Word()
    {
        var start = _at;
        while (_at < text.Length && (IsLetter(text[_at]) || char.IsAsciiDigit(text[_at])))
            _at++;
        var word = text[start.._at];
#pragma warning disable CA1308 // Messages show keywords in lower case.
        var lower = word.ToLowerInvariant();
#pragma warning restore CA1308
        return Keywords.Contains(lower) ? Token(TokenKind.Keyword, lower) : Token(TokenKind.Name, word);
    }

    QueryToken Number()
    {
        var start = _at;
        var kind = TokenKind.Integer;
        while (_at < text.Length && (char.IsAsciiDigit(text[_at]) || text[_at] == '.'))
        {
            if (text[_at++] == '.')
                kind = TokenKind.Fraction;
        }

        if (_at < text.Length && text[_at] is 'e' or 'E')
        {
            kind = TokenKind.Fraction;
            _at++;
            if (_at < text.Length && text[_at] is '+' or '-')
                _at++;
            while (_at < text.Length && char.IsAsciiDigit(text[_at]))
                _at++;
        }

        if (_at < text.Length && IsLetter(text[_at]))
            kind = TokenKind.Wrong;
        return Token(kind, text[start.._at]);
    }

    // A quote inside is doubled or has a backslash before it.
    QueryToken Quoted(char quote)
    {
        var content = new StringBuilder();
        for (_at++; _at < text.Length; _at++)
        {
            var c = text[_at];
            if (c == quote)
            {
                if (_at + 1 == text.Length || text[_at + 1] != quote)
                {
                    _at++;
                    return Token(TokenKind.Text, content.ToString());
                }

                _at++;
            }
            else if (c == '\\' && _at + 1 < text.Length)
            {
                c = Unescape(text[++_at]);
            }

            content.Append(c);
        }

        return Token(TokenKind.Wrong, content.ToString());
    }

    static char Unescape(char c) => c switch
    {
        '0' => '\0',
        'b' => '\b',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'Z' => '\x1a',
        _ => c,
    };

    QueryToken QuotedName()
    {
        var end = text.IndexOf('`', _at + 1);
        var name = end < 0 ? text[(_at + 1)..] : text[(_at + 1)..end];
        _at = end < 0 ? text.Length : end + 1;
        return Token(end < 0 || name.Length == 0 ? TokenKind.Wrong : TokenKind.Name, name);
    }

    QueryToken Symbol(char c)
    {
        var symbol = Array.Find(LongSymbols, candidate => text.AsSpan(_at).StartsWith(candidate, StringComparison.Ordinal)) ?? c.ToString();
        _at += symbol.Length;
        var known = symbol.Length > 1 || "=<>(),;.+-*/%^~&|!".Contains(c, StringComparison.Ordinal);
        return Token(known ? TokenKind.Symbol : TokenKind.Wrong, symbol);
    }

    static bool IsLetter(char c) => char.IsAsciiLetter(c) || c is '_' or '@';
}
