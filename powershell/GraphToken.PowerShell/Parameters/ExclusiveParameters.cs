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
                $"Leave out -{given[0]} or -{given[1]}.");
        }
    }

    /// <summary>Refuses a parameter that means nothing without another one.</summary>
    internal static void Require((string Name, bool Given) parameter, (string Name, bool Given) needed)
    {
        if (parameter.Given && !needed.Given)
        {
            throw TokenError.InvalidArgument(
                $"-{parameter.Name} needs -{needed.Name}.",
                $"Add -{needed.Name}, or leave out -{parameter.Name}.");
        }
    }
}
