namespace GraphToken;

/// <summary>The outcome of one check of a setup.</summary>
public enum SetupFindingStatus
{
    /// <summary>The check passed.</summary>
    Passed = 1,

    /// <summary>Works, but needs attention.</summary>
    Warning = 2,

    /// <summary>A reason why no token is issued.</summary>
    Failed = 3,

    /// <summary>Not checked: it does not apply, or depends on a check that failed.</summary>
    Skipped = 4,
}
