namespace Temporalio.Common;

/// <summary>A version of a worker deployment.</summary>
public sealed record WorkerDeploymentVersion(string DeploymentName, string BuildId)
{
    /// <summary>Reads <c>deployment.build</c>.</summary>
    /// <exception cref="ArgumentException">There is no dot in it.</exception>
    public static WorkerDeploymentVersion FromCanonicalString(string canonical)
    {
        var dot = canonical.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
            throw new ArgumentException($"'{canonical}' is no deployment version; write DEPLOYMENT.BUILD.", nameof(canonical));

        return new(canonical[..dot], canonical[(dot + 1)..]);
    }

    public string ToCanonicalString() => $"{DeploymentName}.{BuildId}";
}
