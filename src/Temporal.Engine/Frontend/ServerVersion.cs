namespace Temporal.Engine;

/// <summary>What the engine says of itself: the release of Temporal's server whose behaviour it follows.</summary>
static class ServerVersion
{
    public const string Text = "1.32.0";

    public static readonly SemanticVersion Value = SemanticVersion.Parse(Text);
}
