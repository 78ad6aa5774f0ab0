namespace Temporal.Engine.Visibility;

enum TokenKind
{
    End,
    Symbol,
    Keyword,
    Name,
    Integer,
    Fraction,
    Text,
    Wrong,
}

/// <param name="Text">Of a keyword in lower case, of a text its content.</param>
/// <param name="Position">Where the reader stood after it, counted as error messages count.</param>
readonly record struct QueryToken(TokenKind Kind, string Text, int Position)
{
    public bool IsSymbol(string text) => Kind == TokenKind.Symbol && Text == text;

    public bool IsKeyword(string text) => Kind == TokenKind.Keyword && Text == text;
}
