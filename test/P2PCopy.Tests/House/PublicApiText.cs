using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace P2PCopy.Tests.House;

/// <summary>
/// The public face of an assembly as text, one type or member a line, in alphabetical order: a change of what users see
/// becomes a difference that somebody reads.
/// </summary>
internal static class PublicApiText
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Names that the compiler gives to a record's own members; that it is a record says it all.</summary>
    private static readonly string[] OfRecords =
        ["ToString", "GetHashCode", "Equals", "op_Equality", "op_Inequality", "Deconstruct", "PrintMembers", "EqualityContract", "<Clone>$"];

    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(byte)] = "byte",
        [typeof(short)] = "short",
        [typeof(ushort)] = "ushort",
        [typeof(int)] = "int",
        [typeof(uint)] = "uint",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(double)] = "double",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
    };

    /// <summary>The whole text, lines ended by <c>\n</c>.</summary>
    public static string Of(Assembly assembly) =>
        string.Concat(assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal).Select(Of));

    private static string Of(Type type)
    {
        var members = type.IsEnum
            ? Enum.GetNames(type).Select(name => $"{name} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)}")
            : type.GetMembers(Declared).Where(member => IsVisible(member, type)).Select(Of).Order(StringComparer.Ordinal);
        return $"{Kind(type)} {type.Namespace}.{Name(type)}{Bases(type)}\n" + string.Concat(members.Select(member => $"    {member}\n"));
    }

    private static string Kind(Type type)
    {
        if (type.IsEnum) return "enum";
        if (type.IsInterface) return "interface";
        if (type.IsSubclassOf(typeof(Delegate))) return "delegate";
        var record = type.GetMethod("PrintMembers", Declared) is null ? "" : "record ";
        if (!type.IsValueType) return (type.IsAbstract ? type.IsSealed ? "static " : "abstract " : type.IsSealed ? "sealed " : "") + record + "class";
        var isReadOnly = type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "";
        return $"{isReadOnly}{(type.IsByRefLike ? "ref " : "")}{record}struct";
    }

    private static string Bases(Type type)
    {
        if (type.IsEnum || type.IsSubclassOf(typeof(Delegate))) return "";
        var inherited = type.BaseType?.GetInterfaces() ?? [];
        IEnumerable<string> names = type.GetInterfaces().Except(inherited).Select(Name).Order(StringComparer.Ordinal);
        if (type.BaseType is { } parent && parent != typeof(object) && parent != typeof(ValueType)) names = names.Prepend(Name(parent));
        var list = string.Join(", ", names);
        return list.Length == 0 ? "" : $" : {list}";
    }

    private static bool IsVisible(MemberInfo member, Type type)
    {
        if (member is Type || IsOverride(member)) return false;
        if (type.GetMethod("PrintMembers", Declared) is not null && OfRecords.Contains(member.Name)) return false;
        return member switch
        {
            FieldInfo field => field.IsPublic || field.IsFamily || field.IsFamilyOrAssembly,
            MethodInfo { IsSpecialName: true } method => method.Name.StartsWith("op_", StringComparison.Ordinal) && IsOpen(method),
            MethodBase method => IsOpen(method),
            PropertyInfo property => property.GetAccessors(nonPublic: true).Any(IsOpen),
            EventInfo change => IsOpen(change.AddMethod!),
            _ => false,
        };
    }

    // What a base class promises is not repeated.
    private static bool IsOverride(MemberInfo member)
    {
        var method = member as MethodInfo ?? (member as PropertyInfo)?.GetAccessors(nonPublic: true)[0];
        return method is not null && method.GetBaseDefinition() != method;
    }

    private static bool IsOpen(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static string Of(MemberInfo member) => member switch
    {
        FieldInfo { IsLiteral: true } field => $"const {Name(field.FieldType)} {field.Name} = {Constant(field.GetRawConstantValue())}",
        FieldInfo field => $"{Static(field.IsStatic)}{Name(field.FieldType)} {field.Name}",
        PropertyInfo property => Of(property),
        EventInfo change => $"event {Name(change.EventHandlerType!)} {change.Name}",
        ConstructorInfo constructor => $"{Name(constructor.DeclaringType!)}({Parameters(constructor)})",
        MethodInfo method => $"{Static(method.IsStatic)}{Name(method.ReturnType)} {method.Name}{Generic(method)}({Parameters(method)})",
        _ => member.ToString()!,
    };

    private static string Of(PropertyInfo property)
    {
        var setter = property.SetMethod is { } set && IsOpen(set)
            ? set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) ? " init;" : " set;"
            : "";
        var getter = property.GetMethod is { } get && IsOpen(get) ? " get;" : "";
        var indexes = string.Join(", ", property.GetIndexParameters().Select(Of));
        var name = indexes.Length > 0 ? $"this[{indexes}]" : property.Name;
        return $"{Static(property.GetAccessors(nonPublic: true)[0].IsStatic)}{Name(property.PropertyType)} {name} {{{getter}{setter} }}";
    }

    private static string Parameters(MethodBase method) => string.Join(", ", method.GetParameters().Select(Of));

    private static string Of(ParameterInfo parameter)
    {
        var direction = !parameter.ParameterType.IsByRef ? "" : parameter.IsOut ? "out " : parameter.IsIn ? "in " : "ref ";
        return $"{direction}{Name(parameter.ParameterType)} {parameter.Name}{Default(parameter)}";
    }

    private static string Default(ParameterInfo parameter)
    {
        if (!parameter.HasDefaultValue) return "";
        var isDefault = parameter.RawDefaultValue is null && parameter.ParameterType.IsValueType;
        return isDefault ? " = default" : $" = {Constant(parameter.RawDefaultValue)}";
    }

    private static string Generic(MethodInfo method) =>
        method.IsGenericMethod ? $"<{string.Join(", ", method.GetGenericArguments().Select(Name))}>" : "";

    private static string Static(bool isStatic) => isStatic ? "static " : "";

    private static string Constant(object? value) =>
        value is null ? "null" : value is string text ? $"\"{text}\"" : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static string Name(Type type)
    {
        if (type.IsByRef) return Name(type.GetElementType()!);
        if (type.IsArray) return Name(type.GetElementType()!) + "[]";
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Name(underlying) + "?";
        if (Keywords.TryGetValue(type, out var keyword)) return keyword;
        var name = type.IsNested && !type.IsGenericParameter ? $"{Name(type.DeclaringType!)}.{type.Name}" : type.Name;
        if (!type.IsGenericType) return name;
        var mark = name.IndexOf('`', StringComparison.Ordinal);
        return mark < 0 ? name : $"{name[..mark]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>";
    }
}
