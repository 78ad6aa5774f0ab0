namespace Temporalio.Client;

/// <summary>What we tell the server we are.</summary>
static class ClientVersion
{
    /// <summary>The release of the official SDK whose behavior this subset has.</summary>
    public const string Text = "1.18.0";
}
