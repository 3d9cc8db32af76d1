package queries

import "encoding/json"

// MarshalJSON writes durations as the header of the file has them.
func (a Alert) MarshalJSON() ([]byte, error) {
	type plain Alert // without this method
	spans := struct {
		plain
		Every  string `json:"every"`
		Window string `json:"window"`
		Range  string `json:"range,omitempty"`
	}{plain: plain(a)}
	var err error
	if spans.Every, err = timespanLiteral(a.Every); err != nil {
		return nil, err
	}
	if spans.Window, err = timespanLiteral(a.Window); err != nil {
		return nil, err
	}
	if a.Range > 0 {
		if spans.Range, err = timespanLiteral(a.Range); err != nil {
			return nil, err
		}
	}
	return json.Marshal(spans)
}
