using System.Collections.Concurrent;

namespace GraphToken.Tests;

/// <summary>A store of several clients that are as if in several processes.</summary>
internal class MemoryTokenStore : ITokenStore
{
    internal ConcurrentDictionary<string, byte[]> Values { get; } = [];

    internal ConcurrentBag<TimeSpan> Lifetimes { get; } = [];

    public virtual byte[]? Get(string key) => Values.TryGetValue(key, out byte[]? value) ? value : null;

    public virtual void Set(string key, byte[] value, TimeSpan lifetime)
    {
        Values[key] = value;
        Lifetimes.Add(lifetime);
    }

    public virtual void Remove(string key) => Values.TryRemove(key, out _);
}
