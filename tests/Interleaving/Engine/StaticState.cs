using System.Reflection;
using System.Runtime.CompilerServices;

namespace FastBuffers.Interleaving.Engine;

/// <summary>
/// Puts static fields back between executions, so that each starts from the same state: assignable ones to the value they had when the
/// exploration began, thread-static ones to their default. Objects behind readonly fields are the scenario's to rebuild.
/// </summary>
internal sealed class StaticState
{
    private readonly (FieldInfo Field, object? Value)[] _shared;
    private readonly (FieldInfo Field, object? Value)[] _perThread;

    public StaticState(IEnumerable<Type> types)
    {
        FieldInfo[] fields =
        [
            .. types.Where(type => !type.ContainsGenericParameters)
                .SelectMany(type => type.GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                .Where(field => field is { IsLiteral: false, IsInitOnly: false } && !field.Name.StartsWith('<')),
        ];
        _shared = [.. fields.Where(field => !IsThreadStatic(field)).Select(field => (field, field.GetValue(null)))];
        _perThread = [.. fields.Where(IsThreadStatic).Select(field => (field, DefaultOf(field.FieldType)))];
    }

    public void RestoreShared() => Restore(_shared);

    public void RestoreThread() => Restore(_perThread);

    private static bool IsThreadStatic(FieldInfo field) => field.IsDefined(typeof(ThreadStaticAttribute));

    private static object? DefaultOf(Type type) => type.IsValueType ? RuntimeHelpers.GetUninitializedObject(type) : null;

    private static void Restore((FieldInfo Field, object? Value)[] fields)
    {
        foreach ((FieldInfo field, object? value) in fields)
        {
            field.SetValue(null, value);
        }
    }
}
