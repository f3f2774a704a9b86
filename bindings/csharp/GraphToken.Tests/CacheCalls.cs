using System.Runtime.Versioning;

namespace GraphToken.Tests;

/// <summary>Calls whose tokens cannot be kept or read.</summary>
internal static class CacheCalls
{
    private const string FileName = "work.json";

    internal static IEnumerable<FailingCall> All(Emulator emulator) =>
    [
        new(GraphTokenErrorKind.CacheUnreadable, "a damaged file", () =>
            Keep(WithKey(emulator, FolderWith("damaged")))),
        new(GraphTokenErrorKind.CacheUnreadable, "a damaged file in plain text", () =>
            Keep(InPlainText(emulator, FolderWith(MarkedSecrets.CutOffCacheFile)))),
        new(GraphTokenErrorKind.CacheUnreadable, "a file in plain text beside a key", () =>
            Keep(WithKey(emulator, FolderWith(MarkedSecrets.CutOffCacheFile)))),
        new(GraphTokenErrorKind.CacheUnwritable, "a folder that is a file", () =>
            Keep(WithKey(emulator, Path.Combine(FolderWith(MarkedSecrets.CutOffCacheFile), FileName)))),
        new(GraphTokenErrorKind.CacheLocked, "a program that keeps the lock", () =>
        {
            string folder = FolderWith("");
            using FileStream held = new(
                Path.Combine(folder, FileName + ".lockfile"), FileMode.Create, FileAccess.Write, FileShare.None);
            Keep(WithKey(emulator, folder).WithTimeout(TimeSpan.FromSeconds(1)));
        }),
        .. OperatingSystem.IsWindows() ? [] : CallsInFolderOfEverybody(emulator),
        .. Echo.Forms.Keys.Select(form => RefusedByRedis(emulator, form)),
        new(GraphTokenErrorKind.ConnectionFailed, "a Redis that is not there", () =>
            Keep(emulator.Application().Marked())),
    ];

    [UnsupportedOSPlatform("windows")]
    private static IEnumerable<FailingCall> CallsInFolderOfEverybody(Emulator emulator) =>
    [
        new(GraphTokenErrorKind.CacheProtectionUnavailable, "a folder that everybody can write", () =>
        {
            string folder = FolderWith(MarkedSecrets.CutOffCacheFile);
            File.SetUnixFileMode(folder, File.GetUnixFileMode(folder) | UnixFileMode.OtherWrite);
            Keep(InPlainText(emulator, folder));
        }),
    ];

    /// <summary>A server that repeats the command with the password.</summary>
    private static FailingCall RefusedByRedis(Emulator emulator, string form) => new(
        GraphTokenErrorKind.ConnectionFailed,
        $"a Redis that repeats the password {form}",
        () =>
        {
            using var redis = new StandInService(command => Echo.RedisError(command, form));
            Keep(emulator.Application().Marked().WithRedis(
                $"redis://{redis.HostAndPort}",
                Secret.Of(MarkedSecrets.CacheKey),
                Secret.Of(MarkedSecrets.RedisPassword)));
        });

    /// <summary>Gets a token and fails as keeping it did.</summary>
    private static void Keep(TokenClientBuilder builder)
    {
        using TokenClient client = builder.WithClientSecret(Secret.Of(Emulator.ClientSecret)).Build();
        using TokenRequest request = TokenRequest.ForClient();
        client.Acquire(request, TestContext.Current.CancellationToken).Dispose();
        throw client.TakeCacheFailure()!;
    }

    private static TokenClientBuilder WithKey(Emulator emulator, string folder) =>
        InFile(emulator, folder).WithTokenCacheKey(Secret.Of(MarkedSecrets.CacheKey));

    private static TokenClientBuilder InPlainText(Emulator emulator, string folder) =>
        InFile(emulator, folder).WithPlainTokenCache();

    private static TokenClientBuilder InFile(Emulator emulator, string folder) =>
        emulator.Application().WithMarkedProxy().WithTokenCache(FileName, folder);

    /// <summary>A new folder in which the file of the cache has this content.</summary>
    private static string FolderWith(string content)
    {
        string folder = TestFolder.Combine(Guid.NewGuid().ToString());
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, FileName), content);
        return folder;
    }
}
