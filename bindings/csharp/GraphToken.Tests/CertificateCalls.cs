using System.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace GraphToken.Tests;

/// <summary>Certificates that cannot be loaded, and keys that do not sign.</summary>
internal static class CertificateCalls
{
    private static SecureString Password => Secret.Of(TestFolder.FilePassword);

    private static SecureString Pin => Secret.Of(MarkedSecrets.Pin);

    internal static IEnumerable<FailingCall> All(Emulator emulator) =>
    [
        Loading(GraphTokenErrorKind.CertificateNotFound, "no file", () =>
            ClientCertificate.FromFile(TestFolder.Combine("absent.pfx"), Password)),
        .. OperatingSystem.IsWindows() ? [] : TokenCalls(),
        .. Damaged().SelectMany(damaged => EachWay(
            GraphTokenErrorKind.CertificateUnreadable, damaged.Key, damaged.Value)),
        .. EachWay(
            GraphTokenErrorKind.CertificatePasswordIncorrect,
            "a wrong password",
            File.ReadAllBytes(TestFolder.Pfx),
            MarkedSecrets.WrongPassword),
        Loading(GraphTokenErrorKind.CertificatePasswordIncorrect, "a key with a wrong password", () =>
            ClientCertificate.FromFile(
                TestFolder.CertificateOnly, Secret.Of(MarkedSecrets.WrongPassword), TestFolder.EncryptedKey)),
        .. EachWay(
            GraphTokenErrorKind.PrivateKeyMissing, "no key", File.ReadAllBytes(TestFolder.CertificateOnly)),
        .. EachWay(
            GraphTokenErrorKind.PrivateKeyMissing, "a key in the label of another block", WithKeyInLabel()),
        Loading(GraphTokenErrorKind.PrivateKeyMismatch, "the key of another", () =>
            ClientCertificate.FromBytes(OtherCertificate(), File.ReadAllBytes(TestFolder.EncryptedKey), Password)),
        .. EachWay(GraphTokenErrorKind.PrivateKeyUnsupported, "a short key", WithShortKey()),
        .. Signing(
            emulator, GraphTokenErrorKind.Cancelled, "a prompt that was closed", new OperationCanceledException("no")),
        .. Signing(
            emulator, GraphTokenErrorKind.PrivateKeyInaccessible, "a key of others", new UnauthorizedAccessException()),
        .. Signing(
            emulator, GraphTokenErrorKind.SigningFailed, "a key that fails", new CryptographicException("broken")),
    ];

    /// <summary>The files hold the application's key, or what was made of it.</summary>
    private static Dictionary<string, byte[]> Damaged()
    {
        string key = TestFolder.Key.ExportPkcs8PrivateKeyPem();
        string[] lines = key.Split('\n');
        string oneLine = key.Replace('\n', ' ');
        string certificate = File.ReadAllText(TestFolder.CertificateOnly) + "\n";
        return new Dictionary<string, byte[]>
        {
            ["a key without its end"] = Encoding.ASCII.GetBytes(certificate + oneLine[..^30]),
            ["a key with a foreign character"] = Encoding.ASCII.GetBytes(certificate + key.Insert(1000, "!")),
            ["a key that lacks a line"] = Encoding.ASCII.GetBytes(certificate + key.Replace(lines[12], "")),
            ["a key in its header"] = Encoding.ASCII.GetBytes(
                $"{certificate}{lines[0]}\nProc-Type: {lines[10]}\nDEK-Info: {lines[11]}\n\nAAAA\n{lines[^1]}\n"),
            ["a key without its frame"] = Encoding.ASCII.GetBytes(string.Concat(lines[1..^1])[..^50]),
            ["a PFX file that was cut off"] = File.ReadAllBytes(TestFolder.Pfx)[..^100],
        };
    }

    private static byte[] WithKeyInLabel()
    {
        string part = TestFolder.Key.ExportPkcs8PrivateKeyPem().Split('\n')[10];
        string block = $"-----BEGIN {part}-----\nAAAA\n-----END {part}-----\n";
        return Encoding.ASCII.GetBytes($"{File.ReadAllText(TestFolder.CertificateOnly)}\n{block}");
    }

    /// <summary>The same content from a file, from bytes and from text.</summary>
    private static IEnumerable<FailingCall> EachWay(
        GraphTokenErrorKind kind, string what, byte[] content, string password = TestFolder.FilePassword) =>
    [
        Loading(kind, what + ", file", () =>
        {
            string path = TestFolder.Combine("marked.bin");
            File.WriteAllBytes(path, content);
            return ClientCertificate.FromFile(path, Secret.Of(password));
        }),
        Loading(kind, what + ", bytes", () => ClientCertificate.FromBytes(content, null, Secret.Of(password))),
        Loading(kind, what + ", Base64", () => ClientCertificate.FromBase64(
            Secret.Of(Convert.ToBase64String(content)), Secret.Of(password))),
    ];

    private static IEnumerable<FailingCall> TokenCalls() =>
    [
        Loading(GraphTokenErrorKind.CertificateNotFound, "no module", () =>
            ClientCertificate.FromPkcs11(TestFolder.Combine("absent-module.so"), Pin)),
        Loading(GraphTokenErrorKind.CertificateNotFound, "a module that is none", () =>
            ClientCertificate.FromPkcs11(TestFolder.Pfx, Pin)),
        Loading(GraphTokenErrorKind.CertificateUnreadable, "a certificate for a token that is none", () =>
            ClientCertificate.FromPkcs11(TestFolder.Pfx, Pin, null, File.ReadAllBytes(TestFolder.PrivateKey))),
    ];

    /// <summary>A password for a client whose key throws.</summary>
    private static IEnumerable<FailingCall> Signing(
        Emulator emulator, GraphTokenErrorKind kind, string what, Exception cause) =>
    [
        new(kind, what, () =>
        {
            using var key = new SignOnlyKey((_, _, _) => throw cause);
            using ClientCertificate certificate = ClientCertificate.FromX509(TestFolder.Certificate, key);
            MarkedCalls.Acquire(
                emulator.Application().WithCertificate(certificate).Marked(),
                TokenRequest.ForPassword(Emulator.User, Secret.Of(Emulator.Password), "User.Read"));
        }),
    ];

    private static FailingCall Loading(GraphTokenErrorKind kind, string what, Func<ClientCertificate> load) =>
        new(kind, what, () => load().Dispose());

    /// <summary>A PFX file with a marked password.</summary>
    private static byte[] WithShortKey()
    {
        using RSA key = RSA.Create(1024);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 certificate = TestFolder.SelfSigned("CN=Other", key, now, now.AddHours(1));
        return PfxFile.Of(certificate, key, TestFolder.FilePassword);
    }

    /// <summary>A PEM file with another certificate and without its key.</summary>
    private static byte[] OtherCertificate()
    {
        using RSA key = RSA.Create(2048);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 certificate = TestFolder.SelfSigned("CN=Other", key, now, now.AddHours(1));
        return Encoding.ASCII.GetBytes(certificate.ExportCertificatePem());
    }
}
