namespace Delivery.Mta.Look.Rules;

/// <summary>A subject that is empty, or longer than readers show (78 characters are a line of RFC 5322, 150 more than any shows).</summary>
internal sealed class SubjectRule : Rule
{
    public const int LongCharacters = 78;
    public const int TooLongCharacters = 150;
    private const string Field = "content.subject";

    public override void Look(LookMail mail, Findings findings)
    {
        var length = mail.Subject.Length;
        if (length == 0 && mail.HasData)
            findings.Add("subject_empty", Severity.Error, Field, "is empty");
        else if (length > TooLongCharacters)
            findings.Add("subject_too_long", Severity.Warning, Field, $"has {length} characters: no reader shows more than {TooLongCharacters}");
        else if (length > LongCharacters)
            findings.Add("subject_long", Severity.Info, Field, $"has {length} characters: many readers show fewer than {LongCharacters}");
    }
}
