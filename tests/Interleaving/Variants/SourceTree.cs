using System.Reflection;

namespace FastBuffers.Interleaving.Variants;

/// <summary>Where the sources are that this project was built from.</summary>
internal static class SourceTree
{
    /// <summary>The folder of this project.</summary>
    public static string Project { get; } = typeof(SourceTree).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "ProjectDirectory").Value!;

    /// <summary>The folder of the library whose files are linked.</summary>
    public static string Locking { get; } = Path.GetFullPath(Path.Combine(Project, "../../src/Locking"));

    /// <summary>The files of a folder that take part in a build.</summary>
    public static IEnumerable<string> Files(string folder) => Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
        .Where(file => !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar)[0].Equals("obj", StringComparison.Ordinal)
            && !Path.GetRelativePath(folder, file).Split(Path.DirectorySeparatorChar)[0].Equals("bin", StringComparison.Ordinal))
        .Order(StringComparer.Ordinal);

    /// <summary>The library's files that this project compiles with the shims.</summary>
    public static IEnumerable<string> Linked => Files(Locking).Where(file => Path.GetFileName(file) != "Racy.cs");
}
