namespace Temporal.Engine.Visibility;

/// <summary>The words of a text attribute: runs of letters and digits, whatever their case.</summary>
static class TextWords
{
    public static IEnumerable<string> Of(string text)
    {
        var start = -1;
        for (var i = 0; i <= text.Length; i++)
        {
            var isPart = i < text.Length && char.IsLetterOrDigit(text[i]);
            if (isPart && start < 0)
                start = i;
            if (!isPart && start >= 0)
            {
                yield return text[start..i].ToUpperInvariant();
                start = -1;
            }
        }
    }

    public static bool HasAny(string text, IReadOnlyCollection<string> words) => Of(text).Any(words.Contains);
}
