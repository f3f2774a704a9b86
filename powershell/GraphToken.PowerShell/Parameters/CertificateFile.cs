using System;
using System.IO;

namespace GraphToken.PowerShell;

/// <summary>A certificate file whose key is elsewhere.</summary>
internal static class CertificateFile
{
    /// <summary>The contents of the file, whose format the engine finds out.</summary>
    internal static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new GraphTokenException(
                GraphTokenErrorKind.CertificateNotFound, $"File not found: {path}.", "Check the path.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new GraphTokenException(
                GraphTokenErrorKind.CertificateUnreadable,
                $"The certificate file {path} cannot be read: {error.Message}",
                "Give this account the right to read the file.",
                error);
        }
    }
}
