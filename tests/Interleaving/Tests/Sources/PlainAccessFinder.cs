using FastBuffers.Interleaving.Variants;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace FastBuffers.Interleaving.Tests.Sources;

/// <summary>
/// Finds the uses of mutable fields (and array elements and auto-properties) that are not a <c>ref</c> argument of Interlocked, Volatile or
/// Racy. Constructors, initialisers (of fields and of new objects) and finalizers run while nobody else has the object; thread-static fields and copies of structs in
/// locals are one thread's.
/// </summary>
internal static class PlainAccessFinder
{
    private static readonly string[] s_shims = ["Interlocked", "Volatile", "Racy"];

    public static List<string> Find(IEnumerable<string> names, params Edit[] edits)
    {
        SyntaxTree[] trees =
        [
            .. SourceTree.Files(SourceTree.Locking).Select(path => CSharpSyntaxTree.ParseText(Variant.Apply(path, File.ReadAllText(path), edits), path: path)),
            CSharpSyntaxTree.ParseText("global using System; global using System.Collections.Generic; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;"),
        ];
        var compilation = CSharpCompilation.Create(
            "LockFree", trees, Variant.PlatformReferences, new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));
        Assert.Empty(compilation.GetDiagnostics().Where(diagnostic => diagnostic.Severity == DiagnosticSeverity.Error));
        Assert.All(names, name => Assert.Contains(trees, tree => Path.GetFileName(tree.FilePath) == name));
        return [.. trees.Where(tree => names.Contains(Path.GetFileName(tree.FilePath))).SelectMany(tree => Find(tree, compilation.GetSemanticModel(tree)))];
    }

    private static IEnumerable<string> Find(SyntaxTree tree, SemanticModel model)
    {
        foreach (SimpleNameSyntax name in tree.GetRoot().DescendantNodes().OfType<SimpleNameSyntax>())
        {
            if (model.GetSymbolInfo(name).Symbol is not { } symbol || !IsShared(symbol, name) || IsPrivateTime(name))
            {
                continue;
            }

            ExpressionSyntax access = Whole(name);
            if (!IsLocalCopy(access, model) && !IsShimArgument(access) && !IsExempt(symbol))
            {
                FileLinePositionSpan span = name.GetLocation().GetLineSpan();
                yield return $"{Path.GetFileName(tree.FilePath)}({span.StartLinePosition.Line + 1}): {access.Parent}";
            }
        }
    }

    private static bool IsExempt(ISymbol symbol)
    {
        string type = symbol.ContainingType?.Name ?? "";
        string member = $"{type}.{symbol.Name}";
        return LockFreeFiles.Owned.ContainsKey(member) || LockFreeFiles.Locked.Contains(member) || LockFreeFiles.Locked.Contains(type);
    }

    private static bool IsShared(ISymbol symbol, SimpleNameSyntax name) => symbol switch
    {
        IFieldSymbol { IsConst: true } => false,
        IFieldSymbol field when field.GetAttributes().Any(attribute => attribute.AttributeClass?.Name == nameof(ThreadStaticAttribute)) => false,
        IFieldSymbol { IsReadOnly: true } field => field.Type is IArrayTypeSymbol && Whole(name) is ElementAccessExpressionSyntax,
        IFieldSymbol field => field.ContainingType.TypeKind != TypeKind.Enum && field.Locations.Any(location => location.IsInSource),
        IParameterSymbol { Type: IArrayTypeSymbol } => Whole(name) is ElementAccessExpressionSyntax,
        IPropertySymbol { SetMethod: { IsInitOnly: false } } property => property.DeclaringSyntaxReferences
            .Any(reference => reference.GetSyntax() is PropertyDeclarationSyntax { AccessorList: { } list } && list.Accessors.All(accessor => accessor is { Body: null, ExpressionBody: null })),
        _ => false,
    };

    // The access with its receiver and, for an array, its index.
    private static ExpressionSyntax Whole(SimpleNameSyntax name)
    {
        ExpressionSyntax whole = name;
        if (whole.Parent is MemberAccessExpressionSyntax member && member.Name == name)
        {
            whole = member;
        }

        return whole.Parent is ElementAccessExpressionSyntax element && element.Expression == whole ? element : whole;
    }

    private static bool IsPrivateTime(SyntaxNode node) => node.Ancestors().Any(ancestor =>
        ancestor is ConstructorDeclarationSyntax or DestructorDeclarationSyntax or EqualsValueClauseSyntax { Parent: VariableDeclaratorSyntax { Parent.Parent: FieldDeclarationSyntax } }
        || (ancestor is MethodDeclarationSyntax { Parent: TypeDeclarationSyntax type } method && LockFreeFiles.FinalizerOnly.Contains($"{type.Identifier.Text}.{method.Identifier.Text}"))
        || ancestor is InvocationExpressionSyntax { Expression: IdentifierNameSyntax { Identifier.Text: "nameof" } })
        || (node.Parent is AssignmentExpressionSyntax { Parent: InitializerExpressionSyntax } initializer && initializer.Left == node);

    private static bool IsLocalCopy(ExpressionSyntax access, SemanticModel model) =>
        access is MemberAccessExpressionSyntax { Expression: { } receiver }
        && model.GetTypeInfo(receiver).Type is { IsValueType: true }
        && model.GetSymbolInfo(receiver).Symbol is ILocalSymbol { RefKind: RefKind.None } or IParameterSymbol { RefKind: RefKind.None };

    private static bool IsShimArgument(ExpressionSyntax access) =>
        access.Parent is ArgumentSyntax { RefKindKeyword.RawKind: (int)SyntaxKind.RefKeyword } argument
        && argument.Parent?.Parent is InvocationExpressionSyntax { Expression: MemberAccessExpressionSyntax { Expression: IdentifierNameSyntax type } }
        && s_shims.Contains(type.Identifier.Text);
}
