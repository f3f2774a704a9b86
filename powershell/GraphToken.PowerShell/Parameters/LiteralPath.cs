using System;
using System.IO;
using System.Management.Automation;

namespace GraphToken.PowerShell;

/// <summary>A path as PowerShell's users write it: relative to <c>$PWD</c>, with <c>~</c>, on a PSDrive; no wildcards.
/// </summary>
internal static class LiteralPath
{
    /// <summary>The file system path behind <paramref name="path"/>. The file need not exist. What was pasted around
    /// the path is ignored, unless there is something at that path.</summary>
    internal static string FileOf(string path, string parameter, SessionState session)
    {
        if (PathText.IsContent(path))
        {
            throw TokenError.InvalidArgument(
                $"The value of -{parameter} is not a path; it looks like the content of a certificate or key file.",
                "Pass the path of the file, or pass its content with -CertificateBase64.");
        }
        string plain = PastedText.Unwrapped(path);
        bool isPasted = plain.Length > 0 && plain != path && !IsThere(path, session);
        return Resolved(isPasted ? plain : path, parameter, session);
    }

    private static string Resolved(string path, string parameter, SessionState session)
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

    private static bool IsThere(string path, SessionState session)
    {
        try
        {
            string file = session.Path.GetUnresolvedProviderPathFromPSPath(path, out ProviderInfo provider, out _);
            return provider.Name == "FileSystem" && (File.Exists(file) || Directory.Exists(file));
        }
        catch (Exception error) when (error is SessionStateException or PSArgumentException)
        {
            return false;
        }
    }

    private static GraphTokenException NotAFile(string path, string parameter, string provider) =>
        TokenError.InvalidArgument(
            $"The path of -{parameter}, '{path}', is not a file: it belongs to PowerShell's {provider} provider.",
            "Pass the path of a file, or pass a certificate of the Cert: drive with -Certificate " +
            "(Get-Item Cert:\\...).");
}
