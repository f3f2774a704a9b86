using System;

namespace GraphToken;

/// <summary>
/// A place in which processes share tokens: any cache or database that keeps bytes under a key for a time. Shaped like
/// <c>IDistributedCache</c>, so that one wraps the other in a few lines.
/// </summary>
/// <remarks>
/// <para>
/// The store never sees a token: values are encrypted with the key that is passed to
/// <see cref="TokenClientBuilder.WithTokenStore"/>, and keys are keyed hashes that begin with <c>graphtoken:</c>.
/// </para>
/// <para>
/// The methods are called on threads of the engine, possibly several at once. Each should return within a second. The
/// engine does not wait longer than that, and makes no further call before the method has returned. If a store throws
/// or is slow, it is not used for a while, and tokens come from memory and from the service
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
