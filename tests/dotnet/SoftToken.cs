using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GraphToken.Tests;

/// <summary>
/// A token of SoftHSM2 with the application's private key, which .NET uses through OpenSSL's engine for PKCS#11 and
/// cannot export. One for all tests: the module reads once in a process where its tokens are.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class SoftToken
{
    /// <summary>The user's PIN.</summary>
    internal const string Pin = "1234";

    /// <summary>Names the token; it has one key.</summary>
    internal const string Uri = "pkcs11:token=app";

    private static readonly Lazy<SoftToken> Shared = new(() => new SoftToken());

    private static readonly string[] Modules =
    [
        "/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so",
        "/usr/local/lib/softhsm/libsofthsm2.so", "/opt/homebrew/lib/softhsm/libsofthsm2.so",
    ];

    private readonly string _folder = Directory.CreateDirectory(TestFolder.Combine("token")).FullName;

    private SoftToken()
    {
        Module = Modules.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("SoftHSM2 is missing: apt-get install softhsm2");
        Configure();
        Run("softhsm2-util", "--init-token", "--free", "--so-pin", "12345678", "--pin", Pin, "--label", "app");
        Run(
            "pkcs11-tool", "--module", Module, "--token-label", "app", "--login", "--pin", Pin, "--type", "privkey",
            "--write-object", KeyFile(), "--id", "01", "--usage-sign");
        SafeEvpPKeyHandle handle =
            SafeEvpPKeyHandle.OpenPrivateKeyFromEngine("pkcs11", $"{Uri};id=%01;pin-value={Pin}");
        using X509Certificate2 publicOnly = X509CertificateLoader.LoadCertificate(TestFolder.Certificate.RawData);
        Certificate = publicOnly.CopyWithPrivateKey(new RSAOpenSsl(handle));
    }

    /// <summary>The token, which is made when it is first needed and ends with the process.</summary>
    internal static SoftToken Instance => Shared.Value;

    /// <summary>The certificate with the key that stays on the token.</summary>
    internal X509Certificate2 Certificate { get; }

    /// <summary>Path of the PKCS#11 module.</summary>
    internal string Module { get; }

    /// <summary>Tells SoftHSM2 where its tokens are, and the engine which module to load.</summary>
    private void Configure()
    {
        string configuration = Path.Combine(_folder, "softhsm2.conf");
        string tokens = Directory.CreateDirectory(Path.Combine(_folder, "tokens")).FullName;
        File.WriteAllText(configuration, $"directories.tokendir = {tokens}\nlog.level = ERROR\n");
        Set("SOFTHSM2_CONF", configuration);
        Set("PKCS11_MODULE_PATH", Module);
    }

    private string KeyFile()
    {
        string file = Path.Combine(_folder, "key.der");
        File.WriteAllBytes(file, TestFolder.Key.ExportPkcs8PrivateKey());
        return file;
    }

    /// <summary>For this process and those that it starts: .NET's variables are not those of native code.</summary>
    private static void Set(string variable, string value)
    {
        Environment.SetEnvironmentVariable(variable, value);
        if (SetNative(variable, value, overwrite: 1) != 0)
        {
            throw new InvalidOperationException($"{variable} cannot be set.");
        }
    }

    [DllImport("libc", EntryPoint = "setenv")]
    private static extern int SetNative(string variable, string value, int overwrite);

    private static void Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using Process process = Process.Start(start)!;
        // Both write less than a pipe holds.
        string said = process.StandardOutput.ReadToEnd() + process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program}: {said}");
        }
    }
}
