using System.Reflection;

namespace GraphToken.Tests.Reference;

/// <summary>The name of a member in documentation files (C# specification, annex D.4.2).</summary>
internal static class DocumentationId
{
    internal static string Of(MemberInfo member) => member switch
    {
        Type type => $"T:{type.FullName}",
        ConstructorInfo constructor => $"M:{constructor.DeclaringType}.#ctor{Parameters(constructor)}",
        MethodInfo method => $"M:{method.DeclaringType}.{method.Name}{Parameters(method)}",
        PropertyInfo property => $"P:{property.DeclaringType}.{property.Name}",
        FieldInfo field => $"F:{field.DeclaringType}.{field.Name}",
        _ => throw new NotSupportedException($"{member} is of a kind that the reference does not have."),
    };

    private static string Parameters(MethodBase method)
    {
        ParameterInfo[] parameters = method.GetParameters();
        return parameters.Length == 0
            ? ""
            : $"({string.Join(',', parameters.Select(parameter => Of(parameter.ParameterType)))})";
    }

    private static string Of(Type type)
    {
        if (type.IsArray)
        {
            return Of(type.GetElementType()!) + "[]";
        }
        if (!type.IsGenericType)
        {
            return type.FullName!;
        }
        string name = type.GetGenericTypeDefinition().FullName!;
        return $"{name[..name.IndexOf('`')]}{{{string.Join(',', type.GetGenericArguments().Select(Of))}}}";
    }
}
