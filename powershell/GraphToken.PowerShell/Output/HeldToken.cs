using System;
using System.Diagnostics;

namespace GraphToken.PowerShell;

/// <summary>A token, and how long it lives from now on.</summary>
internal sealed class HeldToken(AccessToken token)
{
    private readonly TimeSpan _lifetime = token.ExpiresIn;
    private readonly Stopwatch _held = Stopwatch.StartNew();
    private readonly DateTime _start = DateTime.UtcNow;

    internal AccessToken Token { get; } = token;

    /// <summary>
    /// How much longer the token lives. Its expiry is a time of the service's clock, which this computer's may differ
    /// from, so what counts is how long it has been held. The longer time counts: the wall clock may have been set
    /// back, and the stopwatch stands still while the computer sleeps.
    /// </summary>
    internal TimeSpan TimeLeft
    {
        get
        {
            TimeSpan byWallClock = DateTime.UtcNow - _start;
            return _lifetime - (byWallClock > _held.Elapsed ? byWallClock : _held.Elapsed);
        }
    }
}
