using System.Globalization;

namespace FastBuffers.Interleaving.Engine;

/// <summary>One decision of a schedule: run a thread's next step, flush its oldest buffered store, or halt it for ever.</summary>
internal readonly record struct Choice(ChoiceKind Kind, int Thread)
{
    public override string ToString() => Kind switch
    {
        ChoiceKind.Flush => "f",
        ChoiceKind.Halt => "h",
        ChoiceKind.Probe => "p",
        _ => "",
    } + Thread.ToString(CultureInfo.InvariantCulture);

    public static Choice Parse(string text) => text[0] switch
    {
        'f' => new Choice(ChoiceKind.Flush, int.Parse(text.AsSpan(1), CultureInfo.InvariantCulture)),
        'h' => new Choice(ChoiceKind.Halt, int.Parse(text.AsSpan(1), CultureInfo.InvariantCulture)),
        'p' => new Choice(ChoiceKind.Probe, int.Parse(text.AsSpan(1), CultureInfo.InvariantCulture)),
        _ => new Choice(ChoiceKind.Run, int.Parse(text, CultureInfo.InvariantCulture)),
    };
}
