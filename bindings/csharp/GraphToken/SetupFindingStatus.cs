namespace GraphToken;

/// <summary>The outcome of one check of a setup.</summary>
public enum SetupFindingStatus
{
    /// <summary>As it should be.</summary>
    Passed = 1,

    /// <summary>Works, but somebody should look at it.</summary>
    Warning = 2,

    /// <summary>The reason, or one of the reasons, for which no token is issued.</summary>
    Failed = 3,

    /// <summary>Not looked at: it does not apply, or an earlier failure makes it pointless.</summary>
    Skipped = 4,
}
