using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace FastBuffers.Interleaving.Variants;

/// <summary>
/// The library and the scenarios, compiled in memory from their files with some edits. Types in source win over those of this assembly
/// (CS0436 is a warning), so the scenarios in a variant run on the edited library, and on this assembly's engine and shims.
/// </summary>
internal sealed class Variant
{
    private const string GlobalUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Threading;
        global using System.Threading.Tasks;
        global using FastBuffers.Locking;
        global using Interlocked = FastBuffers.Interleaving.Shims.Interlocked;
        global using Volatile = FastBuffers.Interleaving.Shims.Volatile;
        global using Racy = FastBuffers.Interleaving.Shims.Racy;
        global using SpinWait = FastBuffers.Interleaving.Shims.SpinWait;
        """;

    private static readonly CSharpParseOptions s_options = CSharpParseOptions.Default.WithLanguageVersion(LanguageVersion.Latest);

    private static readonly Lazy<CSharpCompilation> s_plain = new(Plain);

    private readonly Assembly _assembly;

    public Variant(string name, params Edit[] edits)
    {
        Check(edits);
        CSharpCompilation compilation = s_plain.Value.WithAssemblyName($"FastBuffers.Interleaving.Variant.{name}");
        foreach (SyntaxTree tree in s_plain.Value.SyntaxTrees.Where(tree => edits.Any(edit => edit.File == Path.GetFileName(tree.FilePath))))
        {
            string text = Apply(tree.FilePath, tree.GetText().ToString(), edits);
            compilation = compilation.ReplaceSyntaxTree(tree, CSharpSyntaxTree.ParseText(text, s_options, tree.FilePath, System.Text.Encoding.UTF8));
        }

        using var image = new MemoryStream();
        Diagnostic[] errors = [.. compilation.Emit(image).Diagnostics.Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)];
        if (errors.Length > 0)
        {
            throw new InvalidOperationException($"The variant {name} does not compile:\n{string.Join('\n', errors.Take(10).Select(error => error.ToString()))}");
        }

        image.Position = 0;
        _assembly = new AssemblyLoadContext(name, isCollectible: false).LoadFromStream(image);
    }

    /// <summary>Calls a static method of a type of the scenarios, as it is in this variant.</summary>
    /// <typeparam name="T">What it returns: a type of the engine, which all variants have in common.</typeparam>
    /// <param name="type">The type in this assembly.</param>
    /// <param name="method">The method's name.</param>
    /// <param name="arguments">Its arguments.</param>
    public T Call<T>(Type type, string method, params object?[] arguments)
    {
        Type own = _assembly.GetType(type.FullName!, throwOnError: true)!;
        MethodInfo found = own.GetMethod(method, BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            ?? throw new MissingMethodException(type.FullName, method);
        return (T)found.Invoke(null, BindingFlags.DoNotWrapExceptions, null, arguments, null)!;
    }

    /// <summary>A value of an enumeration of the scenarios, as it is in this variant.</summary>
    public object Value<T>(T value)
        where T : struct, Enum => Enum.Parse(_assembly.GetType(typeof(T).FullName!, throwOnError: true)!, value.ToString());

    /// <summary>The text of a file after the edits that name it.</summary>
    internal static string Apply(string path, string text, IEnumerable<Edit> edits)
    {
        foreach (Edit edit in edits.Where(edit => edit.File == Path.GetFileName(path)))
        {
            int found = text.Split(edit.Text).Length - 1;
            if (found != 1)
            {
                throw new InvalidOperationException($"The text to change in {edit.File} occurs {found} times, not once: \"{edit.Text}\". Adapt the variant to the new source.");
            }

            text = text.Replace(edit.Text, edit.Replacement, StringComparison.Ordinal);
        }

        return text;
    }

    // Without edits: what the variants have in common is parsed once.
    private static CSharpCompilation Plain() => CSharpCompilation.Create(
        "FastBuffers.Interleaving.Variant",
        [
            .. SourceTree.Linked.Concat(SourceTree.Files(Path.Combine(SourceTree.Project, "Scenarios")))
                .Select(path => CSharpSyntaxTree.ParseText(File.ReadAllText(path), s_options, path, System.Text.Encoding.UTF8)),
            CSharpSyntaxTree.ParseText(GlobalUsings, s_options),
        ],
        PlatformReferences.Append(MetadataReference.CreateFromFile(typeof(Variant).Assembly.Location)),
        new CSharpCompilationOptions(
            OutputKind.DynamicallyLinkedLibrary,
            optimizationLevel: OptimizationLevel.Release,
            allowUnsafe: true,
            nullableContextOptions: NullableContextOptions.Enable));

    private static void Check(Edit[] edits)
    {
        if (Array.Find(edits, edit => !SourceTree.Linked.Any(path => Path.GetFileName(path) == edit.File)) is { } lost)
        {
            throw new InvalidOperationException($"There is no {lost.File} to change in {SourceTree.Locking}. Adapt the variant to the new source.");
        }
    }

    /// <summary>The runtime's own assemblies.</summary>
    internal static IReadOnlyList<MetadataReference> PlatformReferences { get; } =
    [
        .. ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path).StartsWith("System.", StringComparison.Ordinal))
            .Select(path => MetadataReference.CreateFromFile(path)),
    ];
}
