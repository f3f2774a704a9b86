namespace GraphToken;

/// <summary>What a user who signs in in a web browser is shown.</summary>
public enum Prompt
{
    /// <summary>The accounts, to select one.</summary>
    SelectAccount,

    /// <summary>The fields for name and password, although the user may be signed in.</summary>
    Login,

    /// <summary>What the application may do, although the user may have agreed before.</summary>
    Consent,

    /// <summary>Nothing: the sign-in succeeds without the user, or fails.</summary>
    None,
}
