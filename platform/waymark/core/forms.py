"""How Django writes forms: with the components of this look."""

from django.forms.renderers import TemplatesSetting


class WaymarkRenderer(TemplatesSetting):
    """``FORM_RENDERER``: ``{{ form }}`` and ``field.as_field_group`` use ``templates/components/``."""

    form_template_name = "components/_form.html"
    field_template_name = "components/_field.html"
