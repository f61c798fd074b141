using System.Runtime.CompilerServices;

namespace FastBuffers;

/// <summary>The one region of each string that has been exported, which lives as long as the string.</summary>
internal static class TextRegions
{
    private static readonly ConditionalWeakTable<string, Region> s_texts = [];

    /// <summary>
    /// The string's region, frozen; made on first demand. The empty string gets a new one each time, as an empty array does.
    /// </summary>
    internal static Region GetOrAdd(string text) => text.Length == 0 ? Create(text) : s_texts.GetValue(text, Create);

    private static Region Create(string text)
    {
        var region = new Region(text);
        region.FreezeCore();
        return region;
    }
}
