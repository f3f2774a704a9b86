using System;

namespace GraphToken;

/// <summary>
/// A place in which processes share tokens: any cache or database that keeps bytes under a key for a time. Shaped like
/// <c>IDistributedCache</c>, so that one wraps the other in a few lines.
/// </summary>
/// <remarks>
/// <para>
/// What is kept there is of no use to others: values are encrypted with the key that
/// <see cref="TokenClientBuilder.WithTokenStore"/> is given, and keys are keyed hashes that begin with
/// <c>graphtoken:</c>.
/// </para>
/// <para>
/// The methods are called on threads of the engine, perhaps several at once. Each should return within a second: after
/// that it is not waited for, and nothing is called before it has returned. A store that throws or is slow costs nobody a
/// token: it is left alone for a while, and tokens come from memory and from the service
/// (<see cref="TokenClient.TakeCacheFailure"/>).
/// </para>
/// </remarks>
/// <example>
/// <code>
/// sealed class DistributedTokenStore(IDistributedCache cache) : ITokenStore
/// {
///     public byte[]? Get(string key) => cache.Get(key);
///
///     public void Set(string key, byte[] value, TimeSpan lifetime) => cache.Set(
///         key, value, new DistributedCacheEntryOptions { AbsoluteExpirationRelativeToNow = lifetime });
///
///     public void Remove(string key) => cache.Remove(key);
/// }
/// </code>
/// </example>
public interface ITokenStore
{
    /// <summary>The value under a key, or <see langword="null"/> when there is none.</summary>
    byte[]? Get(string key);

    /// <summary>Keeps a value under a key for a time, in place of an older one.</summary>
    void Set(string key, byte[] value, TimeSpan lifetime);

    /// <summary>Removes the value under a key, if there is one.</summary>
    void Remove(string key);
}
