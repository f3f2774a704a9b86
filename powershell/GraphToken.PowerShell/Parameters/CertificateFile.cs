using System;
using System.IO;

namespace GraphToken.PowerShell;

/// <summary>A certificate file whose key is elsewhere.</summary>
internal static class CertificateFile
{
    // The engine refuses larger files.
    private const int Largest = 1024 * 1024;

    /// <summary>The contents of the file, whose format the engine finds out, up to the first byte that is too many.
    /// </summary>
    internal static byte[] Read(string path)
    {
        try
        {
            using FileStream file = File.OpenRead(path);
            var content = new byte[Largest + 1];
            int length = 0;
            int count;
            do
            {
                count = file.Read(content, length, content.Length - length);
                length += count;
            }
            while (count > 0);
            Array.Resize(ref content, length);
            return content;
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
