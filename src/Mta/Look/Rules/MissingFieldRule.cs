namespace Delivery.Mta.Look.Rules;

/// <summary>Fields that a template writes and the recipient's data lacks, or has as an empty text.</summary>
internal sealed class MissingFieldRule : Rule
{
    public override void Look(LookMail mail, Findings findings)
    {
        if (!mail.HasData)
            return;
        foreach (var missing in mail.Missing)
        {
            if (missing.Field == "content.text" && mail.Content.Compiled.TextIsDerived)
                continue;
            var (line, column) = mail.Content.Locate(missing.Field, missing.Offset);
            if (missing.IsEmpty)
                findings.Add("field_empty", Severity.Info, missing.Field, $"'{missing.Path}' is empty in the data", missing.Path, line, column);
            else
                findings.Add("field_missing", Severity.Warning, missing.Field, $"'{missing.Path}' is not in the data: give it, or write {{{{default {missing.Path} \"…\"}}}}", missing.Path, line, column);
        }
    }
}
