using System.Text.Json;
using Delivery.Mta.Jobs;
using Delivery.Mta.Jobs.FollowUps;

namespace Delivery.Mta.Tests.Jobs.FollowUps;

public sealed class AudienceParserTests
{
    [Theory]
    [InlineData("""{"audience":{"job":"12"}}""", "")]
    [InlineData("""{"audience":{"job":"12","opened":true,"not_clicked_position":3}}""", "opened=true&not_clicked_position=3")]
    [InlineData("""{"audience":{"job":"12","clicked_position":[1,2],"not_clicked_link":[3],"clicked_link":4}}""", "clicked_position=1&clicked_position=2&clicked_link=4&not_clicked_link=3")]
    [InlineData("""{"audience":{"job":"12","delivered":false,"bounced":true,"dropped":false,"expired":false,"clicked":false,"unsubscribed":false,"complained":false,"accepted":true}}""",
        "accepted=true&delivered=false&bounced=true&dropped=false&expired=false&clicked=false&unsubscribed=false&complained=false")]
    [InlineData("""{"audience":{"job":"12","variant":"a&b=c","domain":"Example.com"}}""", "variant=a%26b%3Dc&domain=Example.com")]
    [InlineData("""{"audience":{"job":"12","variant":"","opened":null}}""", "variant=")]
    public void Conditions_are_those_of_the_reports(string recipients, string query)
    {
        var errors = new List<FieldError>();
        Assert.Equal(new AudienceRequest(12, query), AudienceParser.Parse(JsonElement.Parse(recipients), errors));
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("""{"audience":{}}""", "recipients.audience.job")]
    [InlineData("""{"audience":{"job":12}}""", "recipients.audience.job")]
    [InlineData("""{"audience":{"job":"012"}}""", "recipients.audience.job")]
    [InlineData("""{"audience":{"job":"1 OR 1"}}""", "recipients.audience.job")]
    [InlineData("""{"audience":{"job":"1","opened":"true"}}""", "recipients.audience.opened")]
    [InlineData("""{"audience":{"job":"1","accepted":false}}""", "recipients.audience.accepted")]
    [InlineData("""{"audience":{"job":"1","clicked_position":0}}""", "recipients.audience.clicked_position")]
    [InlineData("""{"audience":{"job":"1","clicked_position":65535}}""", "recipients.audience.clicked_position")]
    [InlineData("""{"audience":{"job":"1","not_clicked_link":[]}}""", "recipients.audience.not_clicked_link")]
    [InlineData("""{"audience":{"job":"1","not_clicked_link":[1,"2"]}}""", "recipients.audience.not_clicked_link")]
    [InlineData("""{"audience":{"job":"1","clicked_position":1.5}}""", "recipients.audience.clicked_position")]
    [InlineData("""{"audience":{"job":"1","domain":"a@b"}}""", "recipients.audience.domain")]
    [InlineData("""{"audience":{"job":"1","openned":true}}""", "recipients.audience.openned")]
    [InlineData("""{"audience":{"job":"1"},"limit":5}""", "recipients.limit")]
    [InlineData("""{"audience":[1]}""", "recipients.audience")]
    [InlineData("""{}""", "recipients.audience")]
    public void What_does_not_fit_is_named_by_its_field(string recipients, string field)
    {
        var errors = new List<FieldError>();
        Assert.Null(AudienceParser.Parse(JsonElement.Parse(recipients), errors));
        Assert.Equal(field, errors[0].Field);
    }
}
