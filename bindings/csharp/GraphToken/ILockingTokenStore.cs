using System;

namespace GraphToken;

/// <summary>
/// A token store with locks. With them, one process at a time requests a token from the service; without them, several
/// may request the same one when it has expired.
/// </summary>
public interface ILockingTokenStore : ITokenStore
{
    /// <summary>
    /// Gives a lock to an owner for a time, after which it is free. Must not wait, and must be atomic across processes.
    /// </summary>
    /// <returns>Whether the owner has the lock now; <see langword="false"/> if another owner has it.</returns>
    bool TryLock(string key, string owner, TimeSpan lifetime);

    /// <summary>Releases a lock if the owner still has it.</summary>
    void Unlock(string key, string owner);
}
