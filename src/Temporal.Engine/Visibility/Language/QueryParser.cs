using System.Globalization;

namespace Temporal.Engine.Visibility;

/// <summary>
/// Reads a list query. The real server puts it behind <c>select * from table1 where</c> before it reads it; the positions in
/// error messages count from there.
/// </summary>
sealed class QueryParser
{
    static readonly HashSet<string> Comparisons = ["=", "<", ">", "<=", ">=", "!=", "<>", "<=>"];
    static readonly string[][] Arithmetic = [["|"], ["&"], ["<<", ">>"], ["+", "-"], ["*", "/", "%"], ["^"]];

    // Deeper nesting than any query that makes sense, far from the end of the stack.
    const int DeepestNesting = 200;

    readonly QueryLexer _lexer;
    QueryToken _token;
    int _nesting;

    QueryParser(string text)
    {
        _lexer = new(text);
        _token = _lexer.Next();
    }

    /// <exception cref="QueryException">The query is malformed.</exception>
    public static QuerySyntax Read(string query)
    {
        query = query.Trim();
        var hasCondition = query.Length > 0 && !StartsWith(query, "order by") && !StartsWith(query, "group by");
        var parser = new QueryParser("select * from table1 " + (hasCondition ? "where " : "") + query);
        // select * from table1 [where]
        for (var skipped = 0; skipped < (hasCondition ? 5 : 4); skipped++)
            parser.Advance();
        return parser.ReadQuery(hasCondition);
    }

    static bool StartsWith(string query, string words) => query.StartsWith(words, StringComparison.OrdinalIgnoreCase);

    QuerySyntax ReadQuery(bool hasCondition)
    {
        var where = hasCondition ? Expression() : null;
        var (groupBy, orderBy, limit) = (new List<QueryNode>(), new List<QueryNode>(), false);
        if (TakeKeyword("group"))
        {
            Expect(TakeKeyword("by"));
            do
                groupBy.Add(Expression());
            while (TakeSymbol(","));
        }

        if (TakeKeyword("order"))
        {
            Expect(TakeKeyword("by"));
            do
            {
                orderBy.Add(Expression());
                _ = TakeKeyword("asc") || TakeKeyword("desc");
            }
            while (TakeSymbol(","));
        }

        if (TakeKeyword("limit"))
        {
            limit = true;
            _ = Expression();
        }

        TakeSymbol(";");
        Expect(_token.Kind == TokenKind.End);
        return new(where, groupBy, orderBy, limit);
    }

    QueryNode Expression()
    {
        if (++_nesting > DeepestNesting)
            throw QueryException.NotSupported("expressions nested this deep");
        var left = Conjunction();
        while (TakeKeyword("or"))
            left = new OrNode(left, Conjunction());
        _nesting--;
        return left;
    }

    QueryNode Conjunction()
    {
        var left = Negation();
        while (TakeKeyword("and"))
            left = new AndNode(left, Negation());
        return left;
    }

    QueryNode Negation()
    {
        if (!TakeKeyword("not"))
            return Condition();
        if (++_nesting > DeepestNesting)
            throw QueryException.NotSupported("expressions nested this deep");
        var inner = Negation();
        _nesting--;
        return new NotNode(inner);
    }

    QueryNode Condition()
    {
        var left = Value();
        var node = Comparison(left) ?? left;
        while (TakeKeyword("is"))
        {
            var not = TakeKeyword("not") ? "not " : "";
            Expect(_token.Kind == TokenKind.Keyword && _token.Text is "null" or "true" or "false");
            node = new IsNode(node, not + _token.Text);
            Advance();
        }

        return node;
    }

    // Null when no operator follows.
    QueryNode? Comparison(QueryNode left)
    {
        if (_token.Kind == TokenKind.Symbol && Comparisons.Contains(_token.Text))
        {
            var symbol = _token.Text == "<>" ? "!=" : _token.Text;
            Advance();
            return new ComparisonNode(left, symbol, Value());
        }

        var negated = TakeKeyword("not");
        var not = negated ? "not " : "";
        if (TakeKeyword("between"))
        {
            var from = Value();
            Expect(TakeKeyword("and"));
            return new RangeNode(left, negated, from, Value());
        }

        if (TakeKeyword("in"))
        {
            Expect(_token.IsSymbol("("));
            var items = Value();
            return new ComparisonNode(left, not + "in", items is ParenthesesNode one ? new TupleNode([one.Inner]) : items);
        }

        if (_token.Kind == TokenKind.Keyword && _token.Text is "like" or "starts_with" or "regexp" or "rlike")
        {
            var word = _token.Text == "rlike" ? "regexp" : _token.Text;
            Advance();
            var right = Value();
            if (word == "like" && TakeKeyword("escape"))
                _ = Value();
            return new ComparisonNode(left, not + word, right);
        }

        Expect(!negated);
        return null;
    }

    QueryNode Value(int level = 0)
    {
        if (level == Arithmetic.Length)
            return Unary();
        var left = Value(level + 1);
        while ((_token.Kind == TokenKind.Symbol && Arithmetic[level].Contains(_token.Text))
            || (level == 4 && _token.Kind == TokenKind.Keyword && _token.Text is "div" or "mod"))
        {
            Advance();
            _ = Value(level + 1);
            left = UselessNode.Arithmetic;
        }

        return left;
    }

    QueryNode Unary()
    {
        if (_token.Kind != TokenKind.Symbol || _token.Text is not ("-" or "+" or "!" or "~"))
            return Primary();
        if (++_nesting > DeepestNesting)
            throw QueryException.NotSupported("expressions nested this deep");
        var sign = _token.Text;
        Advance();
        var inner = Unary();
        _nesting--;
        return inner switch
        {
            LiteralNode { Value: long number } when sign == "-" => new LiteralNode(-number),
            LiteralNode { Value: long } when sign == "+" => inner,
            _ => UselessNode.Unary,
        };
    }

    QueryNode Primary()
    {
        var token = _token;
        switch (token.Kind)
        {
            case TokenKind.Name:
                Advance();
                return NameOrCall(token.Text);
            case TokenKind.Text:
                Advance();
                return new LiteralNode(token.Text);
            case TokenKind.Integer or TokenKind.Fraction:
                Advance();
                return new LiteralNode(Number(token));
            case TokenKind.Keyword when token.Text is "true" or "false":
                Advance();
                return new TruthNode(token.Text == "true");
            case TokenKind.Keyword when token.Text == "null":
                Advance();
                return UselessNode.Null;
            case TokenKind.Symbol when token.Text == "(":
                Advance();
                return InParentheses();
            default:
                throw Unexpected();
        }
    }

    static object Number(QueryToken token)
    {
        if (token.Kind == TokenKind.Integer && long.TryParse(token.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var integer))
            return integer;
        return double.TryParse(token.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var fraction)
            ? fraction
            : throw QueryException.Invalid($"unable to parse value \"{token.Text}\"");
    }

    QueryNode NameOrCall(string name)
    {
        if (TakeSymbol("("))
        {
            while (!TakeSymbol(")"))
            {
                if (!TakeSymbol("*"))
                    _ = Expression();
                Expect(_token.IsSymbol(")") || TakeSymbol(","));
            }

            return UselessNode.Function;
        }

        while (TakeSymbol("."))
        {
            Expect(_token.Kind is TokenKind.Name or TokenKind.Keyword);
            name += "." + _token.Text;
            Advance();
        }

        return new ColumnNode(name);
    }

    QueryNode InParentheses()
    {
        if (_token.IsKeyword("select"))
            return Subquery();
        var items = new List<QueryNode> { Expression() };
        while (TakeSymbol(","))
            items.Add(Expression());
        Expect(TakeSymbol(")"));
        return items.Count == 1 ? new ParenthesesNode(items[0]) : new TupleNode(items);
    }

    // Refused whatever it says: only its end is looked for.
    UselessNode Subquery()
    {
        for (var open = 1; open > 0; Advance())
        {
            Expect(_token.Kind is not (TokenKind.End or TokenKind.Wrong));
            if (_token.IsSymbol("("))
                open++;
            else if (_token.IsSymbol(")"))
                open--;
        }

        return UselessNode.Subquery;
    }

    void Advance() => _token = _lexer.Next();

    bool TakeKeyword(string word)
    {
        if (!_token.IsKeyword(word))
            return false;
        Advance();
        return true;
    }

    bool TakeSymbol(string symbol)
    {
        if (!_token.IsSymbol(symbol))
            return false;
        Advance();
        return true;
    }

    void Expect(bool met)
    {
        if (!met)
            throw Unexpected();
    }

    QueryException Unexpected()
    {
        var near = _token.Kind is TokenKind.End or TokenKind.Symbol || _token.Text.Length == 0 ? "" : $" near '{_token.Text}'";
        return new($"malformed SQL query: syntax error at position {_token.Position}{near}");
    }
}
