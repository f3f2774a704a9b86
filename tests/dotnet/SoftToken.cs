using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GraphToken.Tests;

/// <summary>
/// A token of SoftHSM2, whose private key .NET uses through OpenSSL's engine for PKCS#11 and cannot export. One in a
/// process: the module reads once where its tokens are.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal sealed class SoftToken : IDisposable
{
    private const string Pin = "1234";

    private static readonly string[] Modules =
    [
        "/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so",
        "/usr/local/lib/softhsm/libsofthsm2.so", "/opt/homebrew/lib/softhsm/libsofthsm2.so",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("graphtoken-token-").FullName;
    private readonly SafeEvpPKeyHandle _handle;
    private readonly RSAOpenSsl _key;

    /// <summary>Copies the private key of <paramref name="exportable"/> to a token.</summary>
    internal SoftToken(X509Certificate2 exportable)
    {
        string module = Modules.FirstOrDefault(File.Exists)
            ?? throw new InvalidOperationException("SoftHSM2 is missing: apt-get install softhsm2");
        Configure(module);
        Run("softhsm2-util", "--init-token", "--free", "--so-pin", "12345678", "--pin", Pin, "--label", "app");
        Run(
            "pkcs11-tool", "--module", module, "--token-label", "app", "--login", "--pin", Pin, "--type", "privkey",
            "--write-object", KeyFile(exportable), "--id", "01", "--usage-sign");
        _handle = SafeEvpPKeyHandle.OpenPrivateKeyFromEngine("pkcs11", $"pkcs11:token=app;id=%01;pin-value={Pin}");
        _key = new RSAOpenSsl(_handle);
        using X509Certificate2 publicOnly = X509CertificateLoader.LoadCertificate(exportable.RawData);
        Certificate = publicOnly.CopyWithPrivateKey(_key);
    }

    /// <summary>The certificate with the key that stays on the token.</summary>
    internal X509Certificate2 Certificate { get; }

    public void Dispose()
    {
        Certificate.Dispose();
        _key.Dispose();
        _handle.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Tells SoftHSM2 where its tokens are, and the engine which module to load.</summary>
    private void Configure(string module)
    {
        string configuration = Path.Combine(_folder, "softhsm2.conf");
        string tokens = Directory.CreateDirectory(Path.Combine(_folder, "tokens")).FullName;
        File.WriteAllText(configuration, $"directories.tokendir = {tokens}\nlog.level = ERROR\n");
        Set("SOFTHSM2_CONF", configuration);
        Set("PKCS11_MODULE_PATH", module);
    }

    private string KeyFile(X509Certificate2 exportable)
    {
        string file = Path.Combine(_folder, "key.der");
        using RSA key = exportable.GetRSAPrivateKey()!;
        File.WriteAllBytes(file, key.ExportPkcs8PrivateKey());
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
