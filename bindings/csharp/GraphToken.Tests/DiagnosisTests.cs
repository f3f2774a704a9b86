namespace GraphToken.Tests;

/// <summary>A diagnosis through the class library; each fault is tried with the commands.</summary>
public sealed class DiagnosisTests(Emulator emulator, TlsEmulator tls)
    : EmulatorTest(emulator), IClassFixture<TlsEmulator>
{
    private static readonly string[] Checks =
    [
        "Certificate", "CertificateValidity", "Thumbprints", "PrivateKey", "Signature", "Authority", "Proxy",
        "Connection", "Tls", "Clock", "Tenant", "Application", "CertificateRegistered", "ClientCredential",
        "Environment", "Workload", "ManagedIdentity", "DeveloperTools", "Chain",
    ];

    [Fact]
    public void ASoundSetupHasNoFailures()
    {
        using ClientCertificate certificate = ClientCertificate.FromFile(TestFolder.Pem);
        IReadOnlyList<SetupFinding> findings = Run(tls.Application().WithCertificate(certificate));
        Assert.Equal(Checks, findings.Select(finding => finding.Check));
        // The certificate of these tests lives for a day only.
        Assert.Equal(["CertificateValidity"], Named(findings, SetupFindingStatus.Warning));
        // Whether this machine has other sources does not matter.
        Assert.Equal(13, Named([.. findings.Take(14)], SetupFindingStatus.Passed).Count());
        Assert.Equal(SetupFindingStatus.Skipped, Of(findings, "Chain").Status);
        Assert.Contains(certificate.Thumbprint, Of(findings, "Thumbprints").Detail);
        Assert.Contains(certificate.ThumbprintSha256, Of(findings, "Thumbprints").Detail);
    }

    [Fact]
    public void AKeyOfAnObjectIsAnExternalSigner()
    {
        using ClientCertificate certificate = ClientCertificate.FromX509(TestFolder.Certificate);
        IReadOnlyList<SetupFinding> findings = Run(Emulator.Application().WithCertificate(certificate));
        Assert.Empty(Named(findings, SetupFindingStatus.Failed));
        Assert.Contains("external signer", Of(findings, "PrivateKey").Detail);
    }

    [Fact]
    public void AKeyThatCannotSignIsFound()
    {
        using var key = System.Security.Cryptography.RSA.Create(2048);
        using ClientCertificate certificate = ClientCertificate.FromX509(TestFolder.Certificate, key);
        IReadOnlyList<SetupFinding> findings = Run(Emulator.Application().WithCertificate(certificate));
        Assert.Equal(["Signature"], Named(findings, SetupFindingStatus.Failed));
        Assert.Equal(SetupFindingStatus.Skipped, Of(findings, "ClientCredential").Status);
    }

    [Theory]
    [InlineData(GraphTokenErrorKind.CertificateNotFound, "Certificate")]
    [InlineData(GraphTokenErrorKind.PrivateKeyInaccessible, "PrivateKey")]
    [InlineData(GraphTokenErrorKind.CredentialMissing, "ClientCredential")]
    public void ACredentialThatCouldNotBeMadeIsAFinding(GraphTokenErrorKind kind, string check)
    {
        var failure = new GraphTokenException(kind, "No certificate has the thumbprint 00.", "Compare it.");
        IReadOnlyList<SetupFinding> findings =
            Emulator.Application().Diagnose(failure, TestContext.Current.CancellationToken);
        SetupFinding found = Assert.Single(findings, finding => finding.Status == SetupFindingStatus.Failed);
        Assert.Equal((check, failure.Message, failure.Hint), (found.Check, found.Detail, found.Hint));
        Assert.Equal(SetupFindingStatus.Passed, Of(findings, "Tenant").Status);
    }

    [Fact]
    public void AServerThatIsNotTrustedIsNamed()
    {
        SetupFinding found = Of(Run(tls.DistrustingApplication()), "Tls");
        Assert.Equal(SetupFindingStatus.Failed, found.Status);
        Assert.Contains("issued by CN=", found.Detail);
    }

    [Fact]
    public void ACancelledDiagnosisThrows()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => Emulator.Application().Diagnose(null, cancelled.Token));
    }

    private static IReadOnlyList<SetupFinding> Run(TokenClientBuilder builder) =>
        builder.Diagnose(cancellationToken: TestContext.Current.CancellationToken);

    private static SetupFinding Of(IReadOnlyList<SetupFinding> findings, string check) =>
        Assert.Single(findings, finding => finding.Check == check);

    private static IEnumerable<string> Named(IReadOnlyList<SetupFinding> findings, SetupFindingStatus status) =>
        findings.Where(finding => finding.Status == status).Select(finding => finding.Check);
}
