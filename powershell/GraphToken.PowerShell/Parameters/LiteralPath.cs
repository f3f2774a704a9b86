using System;
using System.Management.Automation;

namespace GraphToken.PowerShell;

/// <summary>A path as PowerShell's users write it: relative to <c>$PWD</c>, with <c>~</c>, on a PSDrive; no wildcards.
/// </summary>
internal static class LiteralPath
{
    /// <summary>The file system path behind <paramref name="path"/>. The file need not exist.</summary>
    /// <remarks>What surrounds the path is ignored, unless there is a file of exactly this name.</remarks>
    internal static string FileOf(string path, string parameter, SessionState session)
    {
        string bare = PathText.WithoutSurroundings(path);
        if (PathText.IsContent(path))
        {
            throw TokenError.InvalidArgument(
                $"The value of -{parameter} is not a path; it looks like the content of a certificate or key file.",
                "Pass the path of the file, or pass its content with -CertificateBase64.");
        }
        return Resolve(bare == path || Exists(path, session) ? path : bare, parameter, session);
    }

    private static bool Exists(string path, SessionState session)
    {
        try
        {
            return session.InvokeProvider.Item.Exists(path, force: true, literalPath: true);
        }
        catch (Exception error) when (error is SessionStateException or PSArgumentException)
        {
            return false;
        }
    }

    private static string Resolve(string path, string parameter, SessionState session)
    {
        try
        {
            string file = session.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            return provider.Name == "FileSystem" ? file : throw NotAFile(path, parameter, provider.Name);
        }
        catch (Exception error) when (error is SessionStateException or PSArgumentException)
        {
            throw new GraphTokenException(
                GraphTokenErrorKind.CertificateNotFound,
                $"The path of -{parameter}, '{path}', cannot be resolved: {error.Message}",
                "Pass the path of a file. Relative paths start at the current location ($PWD).");
        }
    }

    private static GraphTokenException NotAFile(string path, string parameter, string provider) =>
        TokenError.InvalidArgument(
            $"The path of -{parameter}, '{path}', is not a file: it belongs to PowerShell's {provider} provider.",
            "Pass the path of a file, or pass a certificate of the Cert: drive with -Certificate " +
            "(Get-Item Cert:\\...).");
}
