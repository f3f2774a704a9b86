namespace GraphToken.PowerShell.Tests;

/// <summary>
/// A script that fails, as what, and what the service does. The variables are those of <see cref="MarkedVariables"/>.
/// </summary>
internal sealed record FailingScript(string Kind, string Script, string Fault = "")
{
    /// <summary>Every stream says all that it has to say.</summary>
    internal const string AllStreams = "-Verbose -Debug -InformationAction Continue";

    private const string Get = "Get-GraphToken @network @redis -ForceRefresh " + AllStreams;

    private const string GetElsewhere =
        "Get-GraphToken @app @network -ClientSecret $secret -RefreshToken $refreshToken " + AllStreams;

    private const string Test = "Test-GraphTokenSetup @app @network " + AllStreams;

    private static readonly string[] ApplicationProofs =
    [
        "-ClientSecret $secret", "-ClientSecretCredential $login", "-ClientAssertion $assertion",
        "-CertificatePath $pfx -CertificatePassword $filePassword",
    ];

    /// <summary>Each takes all secrets that go together.</summary>
    private static readonly string[] Proofs =
    [
        "-ClientSecret $secret -Credential $user -Scopes User.Read",
        "-ClientAssertion $assertion -RefreshToken $refreshToken -Scopes User.Read",
        "-ClientSecret $secret -UserAssertion $userAssertion -Scopes User.Read",
        .. ApplicationProofs[1..],
    ];

    /// <summary>All of them, apart from those whose service repeats the secrets.</summary>
    internal static IEnumerable<FailingScript> All =>
    [
        .. Certificates.SelectMany(row => (FailingScript[])
        [
            new(row.Kind, $"{Get} @app {row.Parameters}"),
            new(row.Kind, $"New-GraphClientAssertion @app {row.Parameters} {AllStreams}"),
        ]),
        .. Arguments.Select(row => new FailingScript(row.Kind, $"{Get} {row.Parameters}")),
        .. Places.Select(row => new FailingScript(row.Kind, $"{GetElsewhere} {row.Parameters}")),
        .. from row in Network
           from proof in Proofs
           select new FailingScript(row.Kind, $"{Get} {row.Parameters} {proof}", row.Fault),
        .. from row in Service
           from proof in Proofs
           select new FailingScript(row.Kind, $"{Get} @app {proof}", row.Fault),
        new("RequestTimeout", $"{Get} @app {Proofs[0]} -TimeoutSeconds 1", "delay-ms=600000"),
    ];

    /// <summary>Diagnoses, whose failures are findings.</summary>
    internal static IEnumerable<FailingScript> Setups =>
    [
        .. from fault in (string[])["", "reset", .. Service.Select(row => row.Fault)]
           from proof in ApplicationProofs
           select new FailingScript("", $"{Test} {proof}", fault),
        .. Certificates.Where(row => row.Kind != "InvalidArgument")
            .Select(row => new FailingScript("", $"{Test} {row.Parameters}")),
    ];

    private static (string Kind, string Parameters)[] Certificates =>
    [
        ("CertificateNotFound", "-CertificatePath /nowhere/app.pfx -CertificatePassword $filePassword"),
        ("CertificateUnreadable", "-CertificatePath $cutKeyFile -CertificatePassword $filePassword"),
        ("CertificateUnreadable", "-CertificateBase64 $cutKey -CertificatePassword $filePassword"),
        ("CertificateUnreadable", "-CertificateBytes $cutKeyBytes -CertificatePassword $filePassword"),
        ("CertificatePasswordIncorrect", "-CertificatePath $pfx -CertificatePassword $wrongPassword"),
        ("CertificatePasswordIncorrect", "-CertificateBase64 $pfxText -CertificatePassword $wrongPassword"),
        ("CertificatePasswordIncorrect", "-CertificateBytes $pfxBytes -CertificatePassword $wrongPassword"),
        ("PrivateKeyMissing", "-CertificatePath $certificateOnly -CertificatePassword $filePassword"),
        ("PrivateKeyMismatch",
            "-CertificatePath $other -PrivateKeyPath $encryptedKey -CertificatePassword $filePassword"),
        ("PrivateKeyUnsupported", "-CertificatePath $shortKey -CertificatePassword $filePassword"),
        ("InvalidArgument", "-CertificatePath $pemText -CertificatePassword $filePassword"),
        ("InvalidArgument", "-CertificatePath $pfx -CertificatePassword $filePassword -Pkcs11Pin $pin"),
        ("InvalidArgument", "-Pkcs11Module $absent -Pkcs11Pin $pin -Pkcs11Uri $uriWithPin"),
        .. OperatingSystem.IsWindows() ? [] : ((string, string)[])
        [
            ("CertificateNotFound", "-Pkcs11Module $absent -Pkcs11Pin $pin"),
            ("CertificateNotFound", "-Pkcs11Module $pfx -Pkcs11Pin $pin"),
        ],
    ];

    private static (string Kind, string Parameters)[] Arguments =>
    [
        ("CredentialMissing", "@app"),
        ("InvalidAuthority", "-Authority $proxyUrl -ClientId x -TenantId y -ClientSecret $secret"),
        ("InvalidArgument", "@app -ClientSecret $secret -ClientAssertion $assertion"),
        ("InvalidArgument", "@app -ClientSecret $secret -ClientSecretCredential $login -RefreshToken $refreshToken"),
        ("InvalidArgument", "@app -ClientAssertion $twoLines -RefreshToken $refreshToken"),
        ("InvalidArgument", "@app -ClientSecret $secret -UserAssertion $twoLines"),
        ("InvalidArgument", "@app -UserAssertion $userAssertion"),
        ("InvalidArgument", "@app -ClientSecret $secret -Credential $user -TimeoutSeconds 0"),
        ("InvalidArgument", "-TenantId $app.TenantId -ClientId another -ClientSecretCredential $login"),
    ];

    /// <summary>Without Redis, or with another place.</summary>
    private static (string Kind, string Parameters)[] Places =>
    [
        ("InvalidArgument", "-RedisUrl $redisWithPassword -TokenCacheKey $cacheKey"),
        ("InvalidArgument", "@redis -TokenCache work"),
        ("InvalidArgument", "-TokenCache work -TokenCacheKey $wrongPassword"),
        ("InvalidArgument", "-RedisPassword $redis.RedisPassword"),
        .. OperatingSystem.IsWindows() ? [] : ((string, string)[])
        [
            ("CacheProtectionUnavailable",
                "-TokenCache work -TokenCacheFolder $folderOfEverybody -TokenCacheProtection None"),
        ],
    ];

    private static (string Kind, string Parameters, string Fault)[] Network =>
    [
        ("ConnectionFailed", "@nobody", ""),
        ("ConnectionFailed", "@app", "reset"),
        ("TlsFailed", "@tls", ""),
        ("ProxyFailed", "@behindProxy", ""),
    ];

    private static (string Kind, string Fault)[] Service =>
    [
        ("ServiceRejected", "error=AADSTS700016"),
        ("ClientCredentialRejected", "error=AADSTS7000215"),
        ("UserCredentialRejected", "error=AADSTS50126"),
        ("InteractionRequired", "error=AADSTS50076,suberror=basic_action,claims=present"),
        ("Throttled", "status=429,body=echo"),
        ("ServiceUnavailable", "status=503,body=echo"),
        ("MalformedResponse", "body=echo"),
    ];
}
