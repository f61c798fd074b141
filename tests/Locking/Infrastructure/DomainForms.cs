namespace FastBuffers.Locking.Tests.Infrastructure;

/// <summary>Ways in which a domain keeps its holds; what is promised holds in each of them.</summary>
public enum DomainForm
{
    Narrow,
    Wide,
    Traced,
    LastVersion,
}

internal static class DomainForms
{
    internal static readonly DomainForm[] All = Enum.GetValues<DomainForm>();

    internal static TestDomain Create(DomainForm form, long length = 4096)
    {
        var domain = new TestDomain(length, traced: form == DomainForm.Traced);
        switch (form)
        {
            case DomainForm.Wide:
                Words.MakeWide(domain);
                break;
            case DomainForm.LastVersion:
                Words.SetVersion(domain, Words.LastVersion);
                break;
        }

        return domain;
    }
}
