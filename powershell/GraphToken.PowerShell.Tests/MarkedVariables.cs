using System.Collections;
using System.Management.Automation;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace GraphToken.PowerShell.Tests;

/// <summary>Variables for scripts, in which every secret is a marked one.</summary>
internal static class MarkedVariables
{
    /// <summary>Nobody listens there.</summary>
    internal const string ClosedAddress = "http://127.0.0.1:1";

    private static readonly string Key = TestFolder.Key.ExportPkcs8PrivateKeyPem();

    private static readonly string CutKey = Key.Replace('\n', ' ')[..^30];

    internal static object Of(Hashtable app, Hashtable tls) => new
    {
        app,
        tls,
        nobody = App(ClosedAddress + "/contoso.com"),
        behindProxy = App("contoso.com"),
        network = Network(ClosedAddress),
        redis = Redis("redis://127.0.0.1:1"),
        redisWithPassword = $"redis://:{Uri.EscapeDataString(MarkedSecrets.RedisPassword)}@127.0.0.1:1",
        cacheKey = Secret.Of(MarkedSecrets.CacheKey),
        secret = Secret.Of(Emulator.ClientSecret),
        login = Login(Emulator.ClientId, Emulator.ClientSecret),
        user = Login(Emulator.User, Emulator.Password),
        assertion = MarkedSecrets.Assertion,
        twoLines = Secret.Of(MarkedSecrets.Assertion + "\n" + MarkedSecrets.Assertion),
        refreshToken = Secret.Of(MarkedSecrets.RefreshToken),
        userAssertion = Secret.Of(MarkedSecrets.Assertion),
        filePassword = Secret.Of(TestFolder.FilePassword),
        wrongPassword = Secret.Of(MarkedSecrets.WrongPassword),
        pin = Secret.Of(MarkedSecrets.Pin),
        uriWithPin = $"pkcs11:token=app?pin-value={Uri.EscapeDataString(MarkedSecrets.Pin)}",
        absent = TestFolder.Combine("absent-module.so"),
        proxyUrl = MarkedSecrets.ProxyUrl("127.0.0.1"),
        pfx = TestFolder.Pfx,
        pfxBytes = File.ReadAllBytes(TestFolder.Pfx),
        pfxText = Secret.Of(Convert.ToBase64String(File.ReadAllBytes(TestFolder.Pfx))),
        pemText = File.ReadAllText(TestFolder.Pem),
        certificateOnly = TestFolder.CertificateOnly,
        encryptedKey = TestFolder.EncryptedKey,
        cutKey = Secret.Of(CutKey),
        cutKeyBytes = Encoding.ASCII.GetBytes(CutKey),
        cutKeyFile = TestFolder.Write("cut-key.pem", CutKey),
        other = OtherCertificate(),
        shortKey = WithShortKey(),
        folderOfEverybody = FolderOfEverybody(),
    };

    /// <summary>For splatting: a proxy with its password for other machines, and no second attempt.</summary>
    internal static Hashtable Network(string proxy) => new()
    {
        ["Proxy"] = proxy,
        ["ProxyCredential"] = Login("proxy user", MarkedSecrets.ProxyPassword),
        ["NoProxyList"] = "127.0.0.1",
        ["MaximumRetryCount"] = 0,
    };

    /// <summary>For splatting: a Redis server, with its password and a key.</summary>
    internal static Hashtable Redis(string url) => new()
    {
        ["RedisUrl"] = url,
        ["RedisPassword"] = Secret.Of(MarkedSecrets.RedisPassword),
        ["TokenCacheKey"] = Secret.Of(MarkedSecrets.CacheKey),
    };

    private static Hashtable App(string tenant) => new() { ["TenantId"] = tenant, ["ClientId"] = Emulator.ClientId };

    private static PSCredential Login(string name, string password) => new(name, Secret.Of(password));

    /// <summary>A file with a certificate and without its key.</summary>
    private static string OtherCertificate()
    {
        using RSA key = RSA.Create(2048);
        using X509Certificate2 certificate = Certificate(key);
        return TestFolder.Write("marked-other.pem", certificate.ExportCertificatePem());
    }

    /// <summary>A PFX file with the marked password.</summary>
    private static string WithShortKey()
    {
        using RSA key = RSA.Create(1024);
        using X509Certificate2 certificate = Certificate(key);
        string path = TestFolder.Combine("marked-short.pfx");
        File.WriteAllBytes(path, PfxFile.Of(certificate, key, TestFolder.FilePassword));
        return path;
    }

    private static X509Certificate2 Certificate(RSA key) =>
        TestFolder.SelfSigned("CN=Other", key, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow.AddHours(1));

    private static string FolderOfEverybody()
    {
        string folder = TestFolder.Combine("marked-folder");
        Directory.CreateDirectory(folder);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherWrite);
        }
        return folder;
    }
}
