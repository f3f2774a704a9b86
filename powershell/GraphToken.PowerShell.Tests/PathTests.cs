using System.Diagnostics;
using System.Management.Automation;

namespace GraphToken.PowerShell.Tests;

/// <summary>The paths of certificate files are PowerShell paths, taken literally.</summary>
public sealed class PathTests(Stage stage) : EngineTest(stage)
{
    [Theory]
    [InlineData("app.pem")]
    [InlineData("./app.pem")]
    [InlineData("~/app.pem")]
    [InlineData("Certificates:/app.pem")]
    public void A_path_is_relative_to_the_location_the_home_or_a_drive(string path)
    {
        Session.State.Path.SetLocation(FolderPath);
        ProviderInfo provider = Session.State.Provider.GetOne("FileSystem");
        string home = provider.Home;
        provider.Home = FolderPath;
        Session.State.Drive.New(new PSDriveInfo("Certificates", provider, FolderPath, "", null), "Global");
        try
        {
            Assert.NotEmpty(Sign("-CertificatePath $path", path).Text);
        }
        finally
        {
            provider.Home = home;
        }
    }

    [Fact]
    public void Wildcards_are_not_expanded()
    {
        string literal = TestFolder.Write("app[1].pem", File.ReadAllText(TestFolder.Pem));
        Assert.NotEmpty(Sign("-LiteralPath $path", literal).Text);
        Assert.Equal(
            "CertificateNotFound,GraphToken.PowerShell.NewGraphClientAssertionCommand",
            Sign("-CertificatePath $path", TestFolder.Combine("ap?.pem")).Failure.FullyQualifiedErrorId);
    }

    [Fact]
    public void Files_come_from_the_pipeline()
    {
        Outcome outcome = Run(
            "[System.IO.FileInfo]::new($path), [pscustomobject]@{ PSPath = $psPath } | New-GraphClientAssertion @app",
            new
            {
                app = App(Stage.Plain),
                path = TestFolder.Pem,
                psPath = @"Microsoft.PowerShell.Core\FileSystem::" + TestFolder.Pem,
            });
        Assert.Null(outcome.Error);
        Assert.Equal(2, outcome.Output.Count);
    }

    [Theory]
    [InlineData("Env:PATH", "InvalidArgument")]
    [InlineData("NoSuchDrive:/app.pem", "CertificateNotFound")]
    [InlineData("missing.pem", "CertificateNotFound")]
    public void A_path_that_is_no_file_is_named_in_the_error(string path, string kind)
    {
        ErrorRecord error = Sign("-CertificatePath $path", path).Failure;
        Assert.Equal($"{kind},GraphToken.PowerShell.NewGraphClientAssertionCommand", error.FullyQualifiedErrorId);
        Assert.Contains(path, error.Exception.Message);
        Assert.NotEmpty(error.ErrorDetails.RecommendedAction);
    }

    [Fact]
    public void A_pipe_in_place_of_a_certificate_is_not_waited_for()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no pipes in folders.");
        string pipe = TestFolder.Combine("pipe");
        using Process mkfifo = Process.Start("mkfifo", pipe);
        mkfifo.WaitForExit();
        Assert.Equal(0, mkfifo.ExitCode);
        ErrorRecord error = Sign("-Pkcs11Module ./module.so -CertificatePath $path", pipe).Failure;
        Assert.Equal(
            "CertificateUnreadable,GraphToken.PowerShell.NewGraphClientAssertionCommand", error.FullyQualifiedErrorId);
        Assert.Contains(pipe, error.Exception.Message);
    }

    [Fact]
    public void A_device_in_place_of_a_certificate_is_not_read_without_end()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no devices in folders.");
        string link = TestFolder.Combine("link-to-device");
        File.CreateSymbolicLink(link, "/dev/zero");
        ErrorRecord error = Sign("-Pkcs11Module ./module.so -CertificatePath $path", link).Failure;
        Assert.NotEqual("InternalError", error.FullyQualifiedErrorId.Split(',')[0]);
    }

    private string FolderPath => Path.GetDirectoryName(TestFolder.Pem)!;

    private Outcome Sign(string parameters, string path) =>
        Run($"New-GraphClientAssertion @app {parameters}", new { app = App(Stage.Plain), path });
}
