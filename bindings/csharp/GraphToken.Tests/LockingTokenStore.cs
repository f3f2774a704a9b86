using System.Collections.Concurrent;

namespace GraphToken.Tests;

/// <summary>The same with locks, which end with the tests.</summary>
internal sealed class LockingTokenStore : MemoryTokenStore, ILockingTokenStore
{
    private readonly ConcurrentDictionary<string, string> _owners = [];

    internal bool HasLocks => !_owners.IsEmpty;

    internal int LocksTaken { get; private set; }

    public bool TryLock(string key, string owner, TimeSpan lifetime)
    {
        if (lifetime <= TimeSpan.Zero || !_owners.TryAdd(key, owner))
        {
            return false;
        }
        LocksTaken++;
        return true;
    }

    public void Unlock(string key, string owner) => _owners.TryRemove(KeyValuePair.Create(key, owner));
}
