using System;
using System.IO;
using System.Threading.Tasks;

namespace GraphToken.PowerShell;

/// <summary>A certificate file whose key is elsewhere.</summary>
internal static class CertificateFile
{
    // One byte more than the engine takes, so that it can tell that the file is too large.
    private const int Room = (1024 * 1024) + 1;

    // For what a link leads to: a pipe is waited for until somebody writes into it.
    private const int PatienceMilliseconds = 10_000;

    /// <summary>The contents of the file, whose format the engine finds out.</summary>
    internal static byte[] Read(string path)
    {
        try
        {
            if (new FileInfo(path) is { Exists: true, Length: 0 })
            {
                throw Unreadable(path, "It is empty, or it is not a regular file.");
            }
            Task<byte[]> reading = Task.Run(() => Contents(path));
            return Task.WaitAny([reading], PatienceMilliseconds) == 0
                ? reading.GetAwaiter().GetResult()
                : throw Unreadable(path, "It is not a regular file, or its disk does not answer.");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new GraphTokenException(
                GraphTokenErrorKind.CertificateNotFound, $"File not found: {path}.", "Check the path.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unreadable(path, error.Message, error);
        }
    }

    private static byte[] Contents(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] contents = new byte[Room];
        int length = 0;
        int count;
        do
        {
            count = file.Read(contents, length, Room - length);
            length += count;
        }
        while (count > 0);
        Array.Resize(ref contents, length);
        return contents;
    }

    private static GraphTokenException Unreadable(string path, string reason, Exception? error = null) => new(
        GraphTokenErrorKind.CertificateUnreadable,
        $"The certificate file {path} cannot be read: {reason}",
        "Check the path, and give this account the right to read the file.",
        error);
}
