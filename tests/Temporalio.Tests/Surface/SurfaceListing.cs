using System.Reflection;

namespace Temporalio.Tests.Surface;

/// <summary>The public surface of an assembly, one line per type and member, in the form of temporalio-api.txt.</summary>
static class SurfaceListing
{
    const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    public static IEnumerable<string> Of(Assembly assembly) =>
        assembly.GetExportedTypes().Where(type => !IsCompilerGenerated(type)).SelectMany(OfType);

    /// <summary>A line without what is compared apart or not at all: base types, attributes, constraints.</summary>
    public static string Comparable(string line)
    {
        foreach (var cut in (string[])[" where ", " [Obsolete]", " [AttributeUsage"])
        {
            if (line.IndexOf(cut, StringComparison.Ordinal) is >= 0 and var at)
                line = line[..at];
        }

        return line.TrimEnd().TrimEnd(':').TrimEnd();
    }

    static IEnumerable<string> OfType(Type type)
    {
        var name = TypeNames.Of(type);
        yield return $"T {name} :: {Kind(type)}{Bases(type)}";
        if (type.IsEnum)
        {
            foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Static))
                yield return $"F {name}.{field.Name} = {field.GetRawConstantValue()}";
            yield break;
        }

        foreach (var member in type.GetMembers(Declared).Where(member => !IsCompilerGenerated(member)))
        {
            if (MemberLines.Of(name, member) is { } line)
                yield return line;
        }
    }

    static string Kind(Type type)
    {
        if (type.IsEnum)
            return "enum";
        if (type.IsInterface)
            return "interface";

        var modifier = type is { IsAbstract: true, IsSealed: true } ? "static "
            : type.IsAbstract ? "abstract "
            : type.IsSealed && !type.IsValueType ? "sealed "
            : string.Empty;
        return modifier + (type.IsValueType ? "struct" : IsRecord(type) ? "record" : "class");
    }

    static string Bases(Type type)
    {
        if (type.IsEnum)
            return string.Empty;

        var inherited = (type.BaseType?.GetInterfaces() ?? []).Concat(type.GetInterfaces().SelectMany(one => one.GetInterfaces()));
        var names = type.GetInterfaces()
            .Except(inherited)
            .Where(one => one.Name != "IEquatable`1" || !IsRecord(type))
            .Select(TypeNames.Of)
            .Order(StringComparer.Ordinal)
            .ToList();
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType))
            names.Insert(0, TypeNames.Of(parent));
        return names.Count == 0 ? string.Empty : $" : {string.Join(", ", names)}";
    }

    static bool IsRecord(Type type) => type.GetMethod("<Clone>$") is not null;

    static bool IsCompilerGenerated(MemberInfo member) =>
        member.Name.Contains('<', StringComparison.Ordinal)
        || member.Name is "EqualityContract" or "PrintMembers"
        || (member is not PropertyInfo and not Type
            && member.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute), false));
}
