namespace GraphToken;

/// <summary>
/// The national clouds of Microsoft Entra ID, each with its own sign-in host and its own Microsoft Graph
/// (Microsoft: "Microsoft Entra authentication and national clouds").
/// </summary>
public enum NationalCloud
{
    /// <summary>The public cloud: <c>login.microsoftonline.com</c> and <c>graph.microsoft.com</c>.</summary>
    Global,

    /// <summary>US Government, GCC High: <c>login.microsoftonline.us</c> and <c>graph.microsoft.us</c>.</summary>
    USGov,

    /// <summary>US Government, DoD: <c>login.microsoftonline.us</c> and <c>dod-graph.microsoft.us</c>.</summary>
    USGovDoD,

    /// <summary>
    /// China, run by 21Vianet: <c>login.partner.microsoftonline.cn</c> and <c>microsoftgraph.chinacloudapi.cn</c>.
    /// </summary>
    China,
}
