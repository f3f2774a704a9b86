namespace GraphToken;

/// <summary>
/// What one check of a setup found: a part of the result of <see cref="TokenClientBuilder.Diagnose"/>. Contains no
/// secrets.
/// </summary>
public sealed class SetupFinding
{
    internal SetupFinding(string check, SetupFindingStatus status, string detail, string hint)
    {
        Check = check;
        Status = status;
        Detail = detail;
        Hint = hint;
    }

    /// <summary>
    /// The permanent name of the check: <c>Certificate</c>, <c>CertificateValidity</c>, <c>Thumbprints</c>,
    /// <c>PrivateKey</c>, <c>Signature</c>, <c>Authority</c>, <c>Proxy</c>, <c>Connection</c>, <c>Tls</c>,
    /// <c>Clock</c>, <c>Tenant</c>, <c>Application</c>, <c>CertificateRegistered</c>,
    /// <c>ClientCredential</c>, <c>Environment</c>, <c>Workload</c>, <c>ManagedIdentity</c>, <c>DeveloperTools</c> or
    /// <c>Chain</c>; later
    /// versions may add some.
    /// </summary>
    public string Check { get; }

    /// <summary>The outcome of the check.</summary>
    public SetupFindingStatus Status { get; }

    /// <summary>What was found, or why the check was skipped.</summary>
    public string Detail { get; }

    /// <summary>What to do next; empty if there is nothing to do.</summary>
    public string Hint { get; }

    /// <summary>Status, check and detail on one line.</summary>
    public override string ToString() => $"{Status} {Check}: {Detail}";
}
