using System.Linq;

namespace GraphToken.PowerShell;

/// <summary>Rules between parameters that would take dozens of parameter sets to declare.</summary>
internal static class ExclusiveParameters
{
    /// <summary>Refuses the call when more than one of these is given; the error names the first two.</summary>
    internal static void AllowOneOf(params (string Name, bool Given)[] parameters)
    {
        string[] given = parameters.Where(parameter => parameter.Given).Select(parameter => parameter.Name).ToArray();
        if (given.Length > 1)
        {
            throw TokenError.InvalidArgument(
                $"-{given[0]} and -{given[1]} cannot be used together.",
                $"Remove -{given[0]} or -{given[1]}.");
        }
    }

    /// <summary>Refuses a parameter that requires one of others.</summary>
    internal static void Require((string Name, bool Given) parameter, params (string Name, bool Given)[] needed)
    {
        if (parameter.Given && !needed.Any(other => other.Given))
        {
            string names = string.Join(" or ", needed.Select(other => $"-{other.Name}"));
            throw TokenError.InvalidArgument(
                $"-{parameter.Name} requires {names}.", $"Add {names}, or remove -{parameter.Name}.");
        }
    }
}
