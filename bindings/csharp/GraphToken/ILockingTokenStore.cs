using System;

namespace GraphToken;

/// <summary>
/// A place that also keeps locks. With them one process at a time asks the service for a token; without them several may
/// ask for the same one when it has expired.
/// </summary>
public interface ILockingTokenStore : ITokenStore
{
    /// <summary>
    /// Gives a lock to an owner for a time, after which it is nobody's. Does not wait, and is one step for all processes.
    /// </summary>
    /// <returns>Whether the owner has it now; <see langword="false"/> when somebody else has it.</returns>
    bool TryLock(string key, string owner, TimeSpan lifetime);

    /// <summary>Gives a lock back if the owner still has it.</summary>
    void Unlock(string key, string owner);
}
